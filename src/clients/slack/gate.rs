//! Performs the limiter's decisions: callers wait for a [`Permit`], one task hands them out.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::error::SlackError;
use super::limiter::{Ask, Limiter, Limits, Method, Ticket};

/// The right to make one call now. Get it before claiming what is to be sent, so that a claim
/// never waits in a queue.
#[must_use = "a permit that is not used is a call that could have gone"]
#[derive(Debug)]
pub struct Permit {
    pub(super) method: Method,
    pub(super) channel: Option<String>,
}

enum Command {
    Ask(Ask, oneshot::Sender<Result<(), SlackError>>),
    Pause(Method, Option<String>, Duration),
    Backlog(Method, Option<String>, usize, oneshot::Sender<Duration>),
}

/// The door to Slack. Cloning shares it.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    commands: mpsc::UnboundedSender<Command>,
}

impl Gate {
    /// Starts the task that hands out permits; it ends with the last clone of the gate.
    pub fn start(limits: Limits) -> Self {
        let (commands, inbox) = mpsc::unbounded_channel();
        tokio::spawn(hand_out(Limiter::new(limits), inbox));
        Self { commands }
    }

    /// Waits for the turn of this call. Dropping the future gives the place up.
    pub async fn permit(&self, ask: Ask) -> Result<Permit, SlackError> {
        let permit = Permit {
            method: ask.method,
            channel: ask.channel.clone(),
        };
        let (answer, turn) = oneshot::channel();
        let gone = || SlackError::Transient("the limiter has stopped".to_owned());
        self.commands
            .send(Command::Ask(ask, answer))
            .map_err(|_| gone())?;
        turn.await.map_err(|_| gone())??;
        Ok(permit)
    }

    /// How long a call of that method would wait now, with `ahead` others that are on their way here.
    pub async fn backlog(&self, method: Method, channel: Option<String>, ahead: usize) -> Duration {
        let (answer, told) = oneshot::channel();
        let asked = self
            .commands
            .send(Command::Backlog(method, channel, ahead, answer));
        match asked {
            Ok(()) => told.await.unwrap_or_default(),
            // The limiter has stopped: the process is ending.
            Err(_) => Duration::ZERO,
        }
    }

    /// Slack answered 429.
    pub fn pause(&self, method: Method, channel: Option<String>, for_: Duration) {
        // The task lives as long as any gate: a failed send means that the process is ending.
        let _ = self.commands.send(Command::Pause(method, channel, for_));
    }
}

type Turns = HashMap<Ticket, oneshot::Sender<Result<(), SlackError>>>;

async fn hand_out(mut limiter: Limiter, mut inbox: mpsc::UnboundedReceiver<Command>) {
    let mut turns = Turns::new();
    let mut next: Option<Instant> = None;
    loop {
        let wake = async {
            match next {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        let command = tokio::select! {
            command = inbox.recv() => match command {
                Some(command) => Some(command),
                None => return,
            },
            () = wake => None,
        };
        if let Some(command) = command {
            take(&mut limiter, &mut turns, command);
        }
        // Everything already queued is seen before anyone goes, so that a page goes first.
        while let Ok(command) = inbox.try_recv() {
            take(&mut limiter, &mut turns, command);
        }
        next = give(&mut limiter, &mut turns);
    }
}

fn take(limiter: &mut Limiter, turns: &mut Turns, command: Command) {
    match command {
        Command::Ask(ask, answer) => {
            let (ticket, superseded) = limiter.enqueue(ask);
            turns.insert(ticket, answer);
            if let Some(older) = superseded.and_then(|ticket| turns.remove(&ticket)) {
                // The one who waited may have left: then there is nobody to tell.
                let _ = older.send(Err(SlackError::Superseded));
            }
        }
        Command::Pause(method, channel, for_) => {
            let now = Instant::now();
            limiter.pause(method, channel, now + for_, now);
        }
        Command::Backlog(method, channel, ahead, answer) => {
            // Who asked may have left.
            let _ = answer.send(limiter.backlog(method, channel, ahead, Instant::now()));
        }
    }
}

fn give(limiter: &mut Limiter, turns: &mut Turns) -> Option<Instant> {
    loop {
        let (granted, next) = limiter.grant(Instant::now());
        let mut refunded = false;
        for (ticket, ask) in granted {
            let taken = turns
                .remove(&ticket)
                .is_some_and(|turn| turn.send(Ok(())).is_ok());
            if !taken {
                limiter.refund(&ask, Instant::now());
                refunded = true;
            }
        }
        // What the departed gave back may let someone else through.
        if !refunded {
            return next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::limiter::Priority;
    use super::*;

    fn ask(ts: &str) -> Ask {
        Ask {
            method: Method::Update,
            channel: Some("C1".to_owned()),
            priority: Priority::Progress,
            replaces: Some(("C1".to_owned(), ts.to_owned())),
        }
    }

    #[tokio::test]
    async fn an_older_state_that_still_waits_is_told_so() {
        let gate = Gate::start(Limits::default());
        for n in 0..10 {
            let _ = gate.permit(ask(&n.to_string())).await.unwrap();
        }
        gate.pause(Method::Update, None, Duration::from_hours(1));
        let older = gate.permit(ask("1.0"));
        let newer = gate.permit(ask("1.0"));
        tokio::pin!(older, newer);
        tokio::select! {
            biased;
            result = &mut older => assert_eq!(result.unwrap_err(), SlackError::Superseded),
            _ = &mut newer => panic!("the method is paused"),
        }
    }

    #[tokio::test]
    async fn one_who_left_gives_the_place_back() {
        let gate = Gate::start(Limits {
            tier3: super::super::limiter::Rate {
                burst: 1.0,
                per_minute: 1,
            },
            ..Limits::default()
        });
        gate.pause(Method::Update, None, Duration::from_millis(30));
        let left = tokio::time::timeout(Duration::from_millis(1), gate.permit(ask("1.0"))).await;
        assert!(left.is_err());
        let stays = gate.permit(ask("2.0"));
        let _permit = tokio::time::timeout(Duration::from_secs(10), stays)
            .await
            .expect("the token of the one who left is free")
            .unwrap();
    }
}
