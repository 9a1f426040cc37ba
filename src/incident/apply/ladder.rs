//! Deadlines that came, classes that rose, and the messages a page is made of.

use super::draft::Draft;
use super::{Rule, looks};
use crate::escalation::{
    CancelReason, Class, Next, Page, Reason, Rung, Skipped, Standing, Step, StepState, arm,
    arm_now, decide, route,
};
use crate::incident::{
    Content, Effect, Ignored, Incident, Origin, OutState, Outgoing, PageFacts, Priority, Purpose,
    Status, Who,
};

/// Does everything that is due now. Says whether there was anything.
pub(super) fn advance(draft: &mut Draft<'_>) -> bool {
    let mut moved = false;
    loop {
        let context = draft.context;
        match next(&draft.incident, context) {
            Next::Wait { .. } | Next::Done => return moved,
            Next::LookAgain { step, due_at } => {
                look_before(draft, step, due_at);
            }
            Next::Hold { step, until } => {
                draft.audit(
                    Who::Bot,
                    "step-held",
                    format!("step {step} until {until}: maintenance"),
                );
                with_step(draft, step, |step| step.held_until = Some(until));
            }
            Next::Page(page) => fire(draft, *page),
        }
        moved = true;
    }
}

/// What escalation says about an incident.
pub(in crate::incident) fn next(incident: &Incident, context: &super::Context<'_>) -> Next {
    let scope = incident.scope();
    let standing = Standing {
        steps: &incident.steps,
        scope: &scope,
        holdable: only_alerts(incident),
        watching_since: context.watching_since,
    };
    decide(context.policy, &standing, context.now)
}

/// Whether no person reported it, so that maintenance may hold its pages.
pub(in crate::incident) fn only_alerts(incident: &Incident) -> bool {
    let person = |origin: &Origin| matches!(origin, Origin::Person(_));
    !person(&incident.origin) && !incident.joined.iter().any(|joined| person(&joined.by))
}

fn with_step(draft: &mut Draft<'_>, number: u32, change: impl FnOnce(&mut Step)) {
    if let Some(step) = draft
        .incident
        .steps
        .iter_mut()
        .find(|step| step.number == number)
    {
        change(step);
    }
}

/// Starts the look whose facts the page will carry.
fn look_before(draft: &mut Draft<'_>, step: u32, due_at: chrono::DateTime<chrono::Utc>) {
    with_step(draft, step, |step| step.looked = true);
    let running = draft.incident.investigations.iter().any(looks::is_running);
    if !running && due_at > draft.now() {
        looks::start_wanted(draft, Purpose::BeforePage, Some(due_at));
    }
}

/// Puts the messages of a page into the outbox.
fn fire(draft: &mut Draft<'_>, page: Page) {
    for number in &page.coalesced {
        coalesce(draft, *number, page.step);
    }
    draft.audit(
        Who::Bot,
        "step-due",
        format!("step {} because {:?}", page.step, page.because),
    );
    let facts = PageFacts {
        step: page.step,
        attempt: 1,
        to: page.route.to,
        because: page.because,
        skipped: page.route.skipped,
        late: page.late,
        quiet: page.quiet,
    };
    call(draft, &facts, page.route.webhook);
}

/// Another step says it too.
pub(super) fn coalesce(draft: &mut Draft<'_>, number: u32, into: u32) {
    let at = draft.now();
    with_step(draft, number, |step| {
        step.state = StepState::Coalesced { at, into }
    });
    draft.audit(
        Who::Bot,
        "step-coalesced",
        format!("step {number} into step {into}"),
    );
}

/// Sends one attempt of a page: the thread and the lead; without a lead the webhook; without
/// either the thread says that nobody can be called.
fn call(draft: &mut Draft<'_>, facts: &PageFacts, webhook: bool) {
    let (to, attempt) = (facts.to.clone(), facts.attempt);
    with_step(draft, facts.step, |step| {
        step.state = StepState::Paging { to, attempt }
    });
    let reached =
        facts.quiet || facts.to.is_some() || webhook || webhook_lives(&draft.incident, facts.step);
    let thread = draft.incident.root.clone();
    let content = Content::Page(facts.clone());
    send(
        draft,
        facts,
        "thread",
        Effect::Post {
            thread,
            content: content.clone(),
        },
    );
    if let Some(to) = facts.to.clone().filter(|_| !facts.quiet) {
        send(draft, facts, "dm", Effect::Dm { to, content });
    }
    if webhook && !facts.quiet {
        call_webhook(draft, facts);
    }
    if !reached {
        let at = draft.now();
        with_step(draft, facts.step, |step| {
            step.state = StepState::Undeliverable { at }
        });
        draft.audit(
            Who::Bot,
            "step-undeliverable",
            format!("step {}: no lead left", facts.step),
        );
    }
}

fn send(draft: &mut Draft<'_>, facts: &PageFacts, way: &str, effect: Effect) {
    let what = format!("{}a{}/{way}", step_name(draft, facts.step), facts.attempt);
    let earlier = remembered_since(draft, facts.step);
    let priority = if facts.quiet {
        Priority::Answer
    } else {
        Priority::Page
    };
    let key = draft.send(&what, priority, effect);
    // It may have been sent before the store was lost, from its deadline on.
    let mut outbox = draft.incident.outbox.iter_mut();
    if let (Some(due_at), Some(out)) = (earlier, outbox.find(|out| out.key == key)) {
        out.unclear = true;
        out.created_at = out.created_at.min(due_at);
    }
}

/// Calls that went out before anything was found get the facts as an edit: a lead who opens one
/// reads the whole of it. Only while nobody has it in hand: a stopped call says what stopped it.
pub(super) fn complete_pages(draft: &mut Draft<'_>) {
    if draft.incident.status != Status::Open {
        return;
    }
    let out = draft.incident.outbox.iter();
    let out = out.filter(|out| matches!(out.state, OutState::Claimed(_) | OutState::Sent(_)));
    let calls = out.filter_map(|out| match &out.effect {
        Effect::Post { content, .. } | Effect::Dm { content, .. } => match content {
            Content::Page(page) => Some((out.key.clone(), page.clone())),
            _ => None,
        },
        _ => None,
    });
    for (key, page) in calls.collect::<Vec<_>>() {
        draft.edit(&key, Content::Page(page), Priority::Answer);
    }
}

/// The deadline of a step that was taken up from Slack.
fn remembered_since(draft: &Draft<'_>, number: u32) -> Option<chrono::DateTime<chrono::Utc>> {
    let mut steps = draft.incident.steps.iter();
    let step = steps.find(|step| step.number == number)?;
    step.remembered.then_some(step.due_at)
}

/// `p1/s2/r1/`: policy version, step number, loop.
fn step_name(draft: &Draft<'_>, number: u32) -> String {
    let step = draft
        .incident
        .steps
        .iter()
        .find(|step| step.number == number);
    step.map_or_else(String::new, |step| {
        format!("p{}/s{}/r{}/", step.policy, step.number, step.round)
    })
}

/// Adds the call over the webhook, once per step.
pub(super) fn call_webhook(draft: &mut Draft<'_>, facts: &PageFacts) {
    if webhook_called(&draft.incident, facts.step) {
        return;
    }
    let what = format!("{}webhook", step_name(draft, facts.step));
    draft.send(
        &what,
        Priority::Page,
        Effect::Webhook {
            page: facts.clone(),
        },
    );
    draft.audit(Who::Bot, "webhook-called", format!("step {}", facts.step));
}

/// The lead of this attempt cannot be reached: the next one, then the webhook, and the page says so.
pub(super) fn next_attempt(draft: &mut Draft<'_>, facts: &PageFacts, skip: Option<Skipped>) {
    draft.stop_messages(facts.step, &CancelReason::Superseded);
    draft.audit(
        Who::Bot,
        "lead-unreachable",
        format!("step {}: {skip:?}", facts.step),
    );
    with_step(draft, facts.step, |step| step.tried.extend(skip));
    let scope = draft.incident.scope();
    let steps = draft.incident.steps.iter();
    let tried: Vec<Skipped> = steps
        .filter(|step| step.number == facts.step)
        .flat_map(|step| step.tried.clone())
        .collect();
    let route = route(draft.context.policy, &scope, &tried, draft.now());
    let webhook = route.webhook && !webhook_called(&draft.incident, facts.step);
    let next = PageFacts {
        attempt: facts.attempt + 1,
        to: route.to,
        skipped: route.skipped,
        ..facts.clone()
    };
    call(draft, &next, webhook);
}

fn webhook_called(incident: &Incident, step: u32) -> bool {
    webhooks(incident, step).next().is_some()
}

fn webhook_lives(incident: &Incident, step: u32) -> bool {
    webhooks(incident, step).any(|out| !matches!(out.state, OutState::Undeliverable { .. }))
}

fn webhooks(incident: &Incident, step: u32) -> impl Iterator<Item = &Outgoing> {
    let outbox = incident.outbox.iter();
    outbox.filter(move |out| matches!(&out.effect, Effect::Webhook { page } if page.step == step))
}

/// Raises the class so that the lead is called at once. The bot does this once; a person's wish
/// counts each time, unless the lead was called just now.
pub(super) fn raise(draft: &mut Draft<'_>, because: Reason, who: &Who) -> Rule {
    let asked_for = matches!(because, Reason::AskedFor { .. });
    if draft.incident.class == Class::Immediate && !asked_for {
        return Err(Ignored::AlreadySo);
    }
    draft.incident.class = Class::Immediate;
    draft
        .incident
        .immediate
        .get_or_insert_with(|| because.clone());
    let place = (draft.incident.round, draft.next_step());
    let step = arm_now(draft.context.policy, place, because, draft.now());
    let into = step.number;
    draft.arm(vec![step], who);
    // The lead is called now: to be called again minutes later because nobody acknowledged says
    // nothing new. The hour stays.
    let waits = |step: &&Step| step.is_armed() && step.rung == Rung::Unacknowledged;
    let waiting = draft
        .incident
        .steps
        .iter()
        .find(waits)
        .map(|step| step.number);
    if let Some(number) = waiting {
        coalesce(draft, number, into);
    }
    Ok(())
}

/// Raises a problem to what its environment asks for, once that is known.
pub(super) fn raise_to_production(draft: &mut Draft<'_>) {
    let incident = &mut draft.incident;
    if incident.class != Class::Standard {
        return;
    }
    incident.class = Class::Production;
    let (round, opened_at) = (incident.round, incident.round_opened_at);
    if incident.status != Status::Open {
        return;
    }
    let number = draft.next_step();
    let mut steps = arm(
        draft.context.policy,
        Class::Production,
        (round, number),
        opened_at,
        draft.now(),
    );
    steps.retain(|step| step.rung == Rung::Unacknowledged);
    draft.arm(steps, &Who::Bot);
}

/// Lowers a problem whose environment nobody had named and that turned out to be a lesser one.
/// Never from [`Class::Immediate`].
pub(super) fn lower_to_standard(draft: &mut Draft<'_>, environment: Option<String>) {
    if draft.incident.class != Class::Production {
        return;
    }
    draft.incident.class = Class::Standard;
    let why = CancelReason::LowerEnvironment { environment };
    draft.cancel_steps(|step| step.rung == Rung::Unacknowledged, &why, &Who::Bot);
}
