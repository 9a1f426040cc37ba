//! Who works at the company and where they talk; a test that needs more of either adds them.

use super::Workspace;
use super::model::{BOT_USER, Channel, Kind, OTHER_TEAM, Person};

/// The company's people and channels.
pub(crate) fn everyone() -> (Vec<Person>, Vec<Channel>) {
    let mut people = vec![
        Person::member("alice", "Alice Martin"),
        Person::member("bob", "Bob Keller"),
        Person::member("lead", "Léa Dubois"),
        Person::member("lead2", "Luc Moreau"),
        Person::member("guest", "Gwen Guest"),
        Person::member("stranger", "Sam Stranger"),
        Person::member("devops", "devops"),
    ];
    "en-US".clone_into(&mut people[1].locale);
    people[4].is_restricted = true;
    people[5].is_stranger = true;
    OTHER_TEAM.clone_into(&mut people[5].team);
    people[6].is_bot = true;
    let all = |names: &[&str]| {
        names
            .iter()
            .map(|n| format!("U0{}", n.to_uppercase()))
            .collect()
    };
    let mut incidents = Channel::new("C0INCIDENTS", "incidents", Kind::Public);
    incidents.members = all(&["alice", "bob", "lead", "lead2", "guest", "devops"]);
    let mut random = Channel::new("C0RANDOM", "random", Kind::Public);
    random.members.clone_from(&incidents.members);
    let mut ext = Channel::new("C0EXT", "ext", Kind::Public);
    ext.members = all(&["alice", "lead", "stranger", "devops"]);
    ext.ext_shared = true;
    (people, vec![incidents, random, ext])
}

impl Workspace {
    /// Hires somebody: a full member who writes French. Returns their id.
    pub fn add_person(&self, name: &str, real_name: &str) -> String {
        let person = Person::member(name, real_name);
        let id = person.id.clone();
        self.inner
            .change(|state| state.people.insert(id.clone(), person));
        id
    }

    /// Makes a public channel with the bot and these people in it. Returns its id: `C0` and the
    /// name in capitals.
    ///
    /// # Panics
    /// When there is no such person.
    pub fn add_channel(&self, name: &str, members: &[&str]) -> String {
        let id = format!("C0{}", name.replace('-', "").to_uppercase());
        let mut channel = Channel::new(&id, name, Kind::Public);
        channel.members = members.iter().map(|member| self.user(member)).collect();
        channel.members.insert(BOT_USER.to_owned());
        self.inner
            .change(|state| state.channels.insert(id.clone(), channel));
        id
    }
}
