//! The whole chain of an alert, each link the program of production: a workload on the real control plane breaks,
//! kube-state-metrics and Prometheus see it, Alertmanager tells it, by webhook or in a Slack channel, and the bot
//! answers in the thread and closes it when Alertmanager says that it is over. Only the kubelets' words and numbers
//! are made up, and Slack is the sandbox's.

mod channel;
mod house;
mod memory;
mod node;
mod webhook;
