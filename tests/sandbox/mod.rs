//! The sandbox world's servers, driven by the clients that production uses.

#![allow(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod alertmanager;
mod heartbeat;
mod kube_api;
mod kube_faults;
mod prometheus;
mod scenarios;
mod slack_client;
mod slack_production;
mod slack_socket;
mod slack_web;
