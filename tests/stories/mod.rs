//! Stories told through the sandbox workspace: the whole bot on real wires, a clock that the test
//! moves, and a scripted world to look at.

pub mod company;
pub mod house;

mod advice;
mod alerts;
mod answers;
mod certificates;
mod crash;
mod cut;
mod escalation;
mod faults;
mod grouped;
mod guard;
mod heartbeat;
mod intake;
mod joined;
mod lost;
mod maintenance;
mod many;
mod missed;
mod node;
mod playbooks;
mod poll;
mod puzzled;
mod severed;
mod storm;
mod talk;
mod watchdog;
