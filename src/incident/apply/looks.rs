//! Investigations: started, shown, done. The first look of a loop may find that there is nothing
//! to escalate; later ones may only offer to close.

use chrono::{DateTime, TimeDelta, Utc};

use super::draft::Draft;
use super::open::{alert_reason, arm_round};
use super::{Rule, ladder};
use crate::escalation::{CancelReason, Class, Criticality, Reason, environment_class};
use crate::finding::{Diagnosis, Subject, Verdict};
use crate::incident::{
    Arrived, Attachment, ButtonAction, Choice, Content, Effect, Ignored, Incident, Investigation,
    InvestigationState, Key, Line, Origin, OutState, PlainAnswer, Priority, Purpose, Receipt,
    Status, Topic, Who,
};
use crate::intent::Want;
use crate::text::Message;

/// Where nobody waits the first word is the answer, if that comes within this time: it is what a phone shows, and an
/// edit shows nothing there. A thread that is not open yet is opened with it: what turns out to be part of another
/// incident then never opens one.
pub(super) const FIRST_WORD: TimeDelta = TimeDelta::seconds(5);

pub(super) fn is_running(one: &Investigation) -> bool {
    matches!(one.state, InvestigationState::Running { .. })
}

/// Starts a look, with a message of its own in the thread.
pub(super) fn start(draft: &mut Draft<'_>, purpose: Purpose) {
    start_wanted(draft, purpose, None);
}

/// The same, with the time by which the result is wanted.
pub(super) fn start_wanted(
    draft: &mut Draft<'_>,
    purpose: Purpose,
    wanted_by: Option<DateTime<Utc>>,
) {
    let number = next_number(&draft.incident);
    let message = (purpose != Purpose::BeforePage).then(|| {
        let thread = draft.incident.root.clone();
        let content = Content::Investigation { number };
        let nobody_waits =
            thread.ts.is_none() || matches!(draft.incident.origin, Origin::Alert { .. });
        let effect = Effect::Post { thread, content };
        let key = draft.send(&format!("answer-{number}"), Priority::FirstReply, effect);
        if nobody_waits && purpose == Purpose::First {
            draft.hold(&key, FIRST_WORD);
        }
        key
    });
    begin(draft, purpose, message, wanted_by);
}

/// Starts a look whose result is told only when something is wrong.
pub(super) fn start_unseen(draft: &mut Draft<'_>) {
    begin(draft, Purpose::Again, None, None);
}

fn next_number(incident: &Incident) -> u32 {
    incident
        .investigations
        .last()
        .map_or(1, |one| one.number + 1)
}

fn begin(
    draft: &mut Draft<'_>,
    purpose: Purpose,
    message: Option<Key>,
    wanted_by: Option<DateTime<Utc>>,
) {
    let number = next_number(&draft.incident);
    draft.incident.investigations.push(Investigation {
        number,
        purpose,
        asked_at: draft.now(),
        state: InvestigationState::Running { doing: None },
        message,
        wrong: None,
    });
    let priority = match purpose {
        Purpose::BeforePage => Priority::Page,
        _ => Priority::FirstReply,
    };
    draft.send(
        &format!("look-{number}"),
        priority,
        Effect::Investigate { number, wanted_by },
    );
}

/// Somebody said which object was meant: looks at that one, in the message that asked.
pub(super) fn chosen(draft: &mut Draft<'_>, number: u32, choice: Choice) {
    let message = draft
        .incident
        .investigation(number)
        .and_then(|one| one.message.clone());
    if let Some(object) = choice.object {
        draft.incident.object = Some(object);
    }
    let named = draft.incident.environment.is_some();
    if let Some(environment) = choice.environment {
        draft.incident.environment = Some(environment);
    }
    reclassify(draft, named);
    let next = next_number(&draft.incident);
    if let Some(message) = &message {
        draft.edit(
            message,
            Content::Investigation { number: next },
            Priority::FirstReply,
        );
    }
    begin(draft, Purpose::Again, message, None);
}

/// A look got further.
pub(super) fn progress(draft: &mut Draft<'_>, number: u32, doing: Message) -> Rule {
    let one = running(draft, number)?;
    one.state = InvestigationState::Running { doing: Some(doing) };
    if let Some(message) = one.message.clone() {
        draft.edit(
            &message,
            Content::Investigation { number },
            Priority::Progress,
        );
    }
    Ok(())
}

fn running<'d>(draft: &'d mut Draft<'_>, number: u32) -> Result<&'d mut Investigation, Ignored> {
    let mut all = draft.incident.investigations.iter_mut();
    all.find(|one| one.number == number && is_running(one))
        .ok_or(Ignored::NoSuchInvestigation)
}

/// Marks the act itself as done, whoever's claim it was: its result is here.
fn act_done(draft: &mut Draft<'_>, number: u32) {
    let receipt = Receipt {
        at: draft.now(),
        channel: None,
        ts: None,
    };
    let is_it =
        |effect: &Effect| matches!(effect, Effect::Investigate { number: n, .. } if *n == number);
    if let Some(out) = draft
        .incident
        .outbox
        .iter_mut()
        .find(|out| is_it(&out.effect))
    {
        out.state = OutState::Sent(receipt);
    }
}

/// A look is done.
pub(super) fn investigated(draft: &mut Draft<'_>, arrived: Arrived) -> Rule {
    let number = arrived.number;
    let one = running(draft, number)?;
    let (purpose, message) = (one.purpose, one.message.clone());
    let verdict = arrived.diagnosis.verdict;
    let named = draft.incident.environment.is_some();
    let blind = draft.incident.diagnosis().is_none();
    learn(&mut draft.incident, &arrived.diagnosis);
    let picture = !arrived.diagnosis.charts.is_empty();
    running(draft, number)?.state = InvestigationState::Done(arrived.diagnosis);
    act_done(draft, number);
    draft.audit(
        Who::Bot,
        "investigated",
        format!("look {number}: {verdict:?}"),
    );

    if turns_into_problem(draft, verdict) {
        draft.audit(Who::Bot, "opened-after-all", format!("{verdict:?}"));
        draft.incident.topic = Topic::Problem;
        reclassify(draft, named);
        arm_round(draft);
    }
    let quiet = !draft.incident.is_open();
    if draft.incident.topic == Topic::Problem {
        judge_standing(draft, purpose, verdict, named);
        rule_on_replicas(draft, &arrived.without_ready_replica);
        offer_buttons(draft, number, purpose, arrived.can_silence);
    } else {
        draft.incident.status = Status::Answered { at: draft.now() };
    }
    let opened = quiet && draft.incident.is_open();
    match message {
        Some(message) if arrived.anew => draft.answer_anew(&message, number),
        Some(message) => draft.edit(
            &message,
            Content::Investigation { number },
            Priority::Answer,
        ),
        None if opened && purpose == Purpose::Again => show(draft, number),
        None => {}
    }
    if picture
        && draft
            .incident
            .investigation(number)
            .is_some_and(|one| one.message.is_some())
    {
        attach_picture(draft, number, purpose);
    }
    if blind {
        ladder::complete_pages(draft);
    }
    Ok(())
}

/// A look that nobody saw found something: here it is.
fn show(draft: &mut Draft<'_>, number: u32) {
    let thread = draft.incident.root.clone();
    let content = Content::Investigation { number };
    let key = draft.send(
        &format!("answer-{number}"),
        Priority::Answer,
        Effect::Post { thread, content },
    );
    let mut all = draft.incident.investigations.iter_mut();
    if let Some(one) = all.find(|one| one.number == number) {
        one.message = Some(key);
    }
}

/// Pictures in one thread; a look that is made again and again shows no more of them.
const PICTURES: usize = 3;

/// Shows the picture of a look in the thread, after its answer.
fn attach_picture(draft: &mut Draft<'_>, number: u32, purpose: Purpose) {
    let shown = draft.incident.outbox.iter();
    let shown = shown.filter(|out| matches!(out.effect, Effect::Attach { .. }));
    if purpose == Purpose::BeforePage || shown.count() >= PICTURES {
        return;
    }
    let thread = draft.incident.root.clone();
    let file = Attachment::Picture { number };
    let effect = Effect::Attach { thread, file };
    draft.send(&format!("picture-{number}"), Priority::Progress, effect);
}

/// "How is payment?", and it is not well: from here on it is a problem like any other, with its clock.
fn turns_into_problem(draft: &Draft<'_>, verdict: Verdict) -> bool {
    let asked = draft.incident.topic == Topic::Question && draft.incident.status == Status::Open;
    asked && draft.incident.ask.want == Want::Status && verdict == Verdict::CauseFound
}

/// Takes over what the diagnosis tells about the incident itself.
fn learn(incident: &mut Incident, diagnosis: &Diagnosis) {
    let target = &diagnosis.target;
    if incident.environment.is_none() {
        incident.environment.clone_from(&target.environment);
    }
    if let (None, Some(kind), Some(name)) = (&incident.object, target.kind, &target.name) {
        incident.object = Some(Subject {
            kind,
            namespace: target.namespace.clone(),
            name: name.clone(),
            container: None,
        });
    }
    // A lead is nobody's cause: another incident with that cause is another incident.
    let sure = diagnosis.verdict == Verdict::CauseFound;
    if let Some(root) = diagnosis.root_causes.first().filter(|_| sure) {
        incident.subject = Some(root.finding.subject.clone());
    }
}

/// What a verdict means for the promises.
fn judge_standing(draft: &mut Draft<'_>, purpose: Purpose, verdict: Verdict, named: bool) {
    let nothing = !arms(verdict);
    match &draft.incident.status {
        Status::Open if nothing && is_first_word(draft, purpose) => {
            draft.incident.status = Status::Answered { at: draft.now() };
            draft.cancel_steps(|_| true, &CancelReason::Verdict(verdict), &Who::Bot);
        }
        Status::Answered { .. } if !nothing => {
            draft.audit(Who::Bot, "opened-after-all", format!("{verdict:?}"));
            draft.incident.status = Status::Open;
            draft.incident.round += 1;
            draft.incident.round_opened_at = draft.now();
            reclassify(draft, named);
            arm_round(draft);
        }
        Status::Open | Status::Acknowledged { .. } => {
            reclassify(draft, named);
            let well = nothing || verdict == Verdict::Recovered;
            if well && purpose == Purpose::Again {
                draft.say(Line::OfferToClose);
            }
        }
        _ => {}
    }
}

/// Whether a verdict keeps the promise to call the lead. What could not be seen is not healthy.
fn arms(verdict: Verdict) -> bool {
    match verdict {
        Verdict::CauseFound | Verdict::Recovered | Verdict::Unknown | Verdict::CouldNotLook => true,
        Verdict::Healthy | Verdict::Expected | Verdict::TargetNotFound => false,
    }
}

/// Whether nobody did or was told anything yet, so that the bot's own answer may end the matter.
/// Never for the immediate class, and never for what was taken up again after a loss: only people end
/// those.
fn is_first_word(draft: &Draft<'_>, purpose: Purpose) -> bool {
    let incident = &draft.incident;
    let quiet = |out: &crate::incident::Outgoing| {
        out.page().is_none() || matches!(out.state, OutState::Cancelled { .. })
    };
    let mut others = incident.investigations.iter().rev().skip(1);
    // A forgotten one was an answer too.
    let told = |state: &InvestigationState| {
        matches!(
            state,
            InvestigationState::Done(_) | InvestigationState::Forgotten
        )
    };
    let answered = others.any(|one| told(&one.state));
    purpose != Purpose::BeforePage
        && incident.lives == 0
        && incident.class != Class::Immediate
        && incident.joined_count == 0
        && !answered
        && incident.outbox.iter().all(quiet)
}

/// The class follows the environment once that is known: up always, down only where nobody had
/// named it (`named`) and nobody acted.
fn reclassify(draft: &mut Draft<'_>, named: bool) {
    let policy = draft.context.policy;
    let environment = draft.incident.environment.clone();
    match environment_class(policy, environment.as_deref()) {
        Class::Standard if !named && draft.incident.status == Status::Open => {
            ladder::lower_to_standard(draft, environment.clone());
        }
        Class::Production => ladder::raise_to_production(draft),
        _ => {}
    }
    if let Some(because) = alert_reason(&draft.incident.origin, environment.as_deref(), policy) {
        raise_once(draft, because);
    }
}

/// No ready replica of a workload marked `criticality: high`, in production or where it is marked.
fn rule_on_replicas(draft: &mut Draft<'_>, without: &[Subject]) {
    let policy = draft.context.policy;
    let environment = draft.incident.environment.clone();
    let critical = without.iter().find(|subject| {
        policy.is_high_criticality(environment.as_deref(), subject)
            && policy.criticality(environment.as_deref()) == Criticality::Production
    });
    if let Some(workload) = critical.cloned()
        && draft.incident.is_open()
    {
        raise_once(draft, Reason::NoReadyReplica { workload });
    }
}

fn raise_once(draft: &mut Draft<'_>, because: Reason) {
    if draft.incident.class != Class::Immediate {
        // It cannot refuse: the class is lower.
        let _raised = ladder::raise(draft, because, &Who::Bot);
    }
}

fn offer_buttons(draft: &mut Draft<'_>, number: u32, purpose: Purpose, can_silence: bool) {
    if purpose == Purpose::BeforePage {
        return;
    }
    if draft.incident.is_open() {
        draft.offer(ButtonAction::Acknowledge, number);
        draft.offer(ButtonAction::Resolve, number);
    }
    draft.offer(ButtonAction::Escalate, number);
    draft.offer(ButtonAction::RunAgain, number);
    if can_silence && !draft.incident.alerts.is_empty() {
        draft.offer(ButtonAction::Silence, number);
    }
    draft.offer(ButtonAction::WrongAnswer, number);
}

/// A look stopped to ask which object was meant. The promises stay: a problem nobody could place
/// is still a problem.
pub(super) fn ambiguous(
    draft: &mut Draft<'_>,
    number: u32,
    question: Message,
    choices: Vec<Choice>,
) -> Rule {
    let one = running(draft, number)?;
    one.state = InvestigationState::Ambiguous;
    let message = one.message.clone();
    act_done(draft, number);
    for choice in choices {
        draft.offer(ButtonAction::Choose(choice), number);
    }
    if let Some(message) = message {
        draft.edit(
            &message,
            Content::Choose { number, question },
            Priority::Answer,
        );
    }
    Ok(())
}

/// A plain question has its answer.
pub(super) fn answered(draft: &mut Draft<'_>, number: u32, mut answer: PlainAnswer) -> Rule {
    let dashboard = answer.dashboard.take();
    let one = running(draft, number)?;
    one.state = InvestigationState::Forgotten;
    let message = one.message.clone();
    act_done(draft, number);
    if draft.incident.topic == Topic::Question {
        draft.incident.status = Status::Answered { at: draft.now() };
    }
    if let Some(message) = message {
        draft.edit(&message, Content::Plain(answer), Priority::Answer);
    }
    if let Some(dashboard) = dashboard {
        let thread = draft.incident.root.clone();
        let file = Attachment::Dashboard(dashboard);
        let effect = Effect::Attach { thread, file };
        draft.send(&format!("dashboard-{number}"), Priority::Answer, effect);
    }
    Ok(())
}
