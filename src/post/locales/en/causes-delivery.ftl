### What the causes of the family "delivery" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-helm-release-failed = The Helm release *{ $release }* in { $namespace } has failed: its revision { $revision } did not go through.
cause-helm-release-pending = The Helm release *{ $release }* in { $namespace } has been `{ $status }` for { $span }: an operation was cut off, and Helm refuses every other one until it is cleared.
cause-helm-hook-failed = The hook `{ $job }` ({ $phases }) of the Helm release *{ $release }* failed: the release stops there.
cause-helm-hook-failed-of-unknown = The Helm hook `{ $job }` ({ $phases }) failed: its release stops there.
cause-helm-values-drift = `{ $workload }` was changed by hand after Helm last wrote it: { $fields } (by `{ $manager }`). The release *{ $release }* no longer describes what runs.

fact-helm-revision = revision { $revision } is `{ $status }`
fact-hook-job = the Job failed ({ $reason }); it is a hook for { $phases }
fact-hook-log = its log: `{ $line }`
fact-drift = `{ $manager }` wrote last to { $fields }
fact-drift-helm = Helm's own last write

why-helm-release-failed = Find what failed first (`helm status`, the events), then correct the values and upgrade again; revision { $revision } is the last one that worked.
why-helm-release-pending = Go back to revision { $revision }, the last one that worked: that clears the lock. Then run the upgrade again, once no pipeline is still at it.
why-helm-first = There is no earlier revision to go back to: take the half-made release away, then install again. Look for volumes first that must stay.
why-helm-hook-failed = Correct what its log names, then run the upgrade again: hooks run anew each time.
why-drift-keep = If the change is wanted, put it into the values, or the next upgrade takes it back.
why-drift-look = If it is not, run the upgrade again with the values of the release. This shows who wrote what.

cause-argocd-sync-failed = The last sync of the Argo CD Application *{ $app }* failed: the cluster is not what Git says.
cause-argocd-sync-failed-on = The last sync of the Argo CD Application *{ $app }* failed on { $kind } `{ $name }`: the cluster is not what Git says.
cause-argocd-rendering = Argo CD cannot make the manifests of *{ $app }* (revision `{ $revision }`): nothing new is deployed.
cause-argocd-out-of-sync = The Argo CD Application *{ $app }* is OutOfSync and does not sync by itself: { $count ->
        [one] 1 object differs
       *[other] { $count } objects differ
    } from Git ({ $names }).
cause-argocd-out-of-sync-automated = The Argo CD Application *{ $app }* stays OutOfSync although it syncs by itself: { $count ->
        [one] 1 object differs
       *[other] { $count } objects differ
    } from Git ({ $names }).
cause-argocd-degraded = The Argo CD Application *{ $app }* is Degraded{ $count ->
        [0] .
       *[other] {": "}{ $names }.
    }
cause-argocd-wave-blocked = The sync of *{ $app }* has been waiting for { $span } in wave { $wave }: { $kind } `{ $name }` does not become healthy, and the later waves are not applied.
cause-argocd-hook-blocked = The sync of *{ $app }* has been waiting for { $span } for its hook { $kind } `{ $name }`, which does not end.
cause-argocd-project-denied = The Argo CD project *{ $project }* does not allow what the Application *{ $app }* wants: nothing is deployed.
cause-argocd-repo-error = Argo CD may not read the repository `{ $repository }` of *{ $app }*: its credentials are refused, or it does not exist for them.
cause-argocd-repo-revision = Argo CD does not find `{ $revision }`, or the path of *{ $app }* in it, in `{ $repository }`.
cause-argocd-repo-network = Argo CD does not reach the repository `{ $repository }` of *{ $app }*.

fact-argocd-says = Argo CD says `{ $line }`
fact-argocd-result = { $kind } `{ $name }`: `{ $line }`
fact-argocd-behind = not applied yet: { $names }
fact-argocd-health = sync { $sync }, health { $health }
fact-argocd-missing = not in the cluster at all: { $names }

why-argocd-sync-failed = Correct in Git what the message names, then sync again.
why-argocd-rendering = Correct the chart or its values: `helm template` or `kustomize build` on the same revision shows the same error.
why-argocd-out-of-sync = Look at the difference (`argocd app diff`), then sync. To have it done by itself, set `spec.syncPolicy.automated`.
why-argocd-diff = Something writes to these fields besides Argo CD (an autoscaler, a webhook, a person). See which, then leave the field out of Git or put it under `ignoreDifferences`.
why-argocd-degraded = Look at the objects it names: Argo CD only repeats their own state.
why-argocd-wave = Make `{ $name }` healthy, or end the operation (`argocd app terminate-op`) and move it to a later wave.
why-argocd-project = Allow the source, destination or kind in the project, or put the Application into one that does. That is a decision of whoever owns the project.
why-argocd-repo-access = Renew the credentials of the repository in Argo CD (`argocd repo list` shows its state); tokens expire.
why-argocd-repo-revision = Correct `targetRevision` or `path`, or push the branch or tag that is missing.
why-argocd-repo-network = See whether the Git host answers from the repo-server's pod: DNS, proxy, network policy, certificate.

cause-jenkins-stage-failed = The Jenkins job *{ $job }* is red: build #{ $number } failed{ $known ->
        [yes] {" "}in the stage *{ $stage }*
       *[no] {""}
    }{ $matter ->
        [compile] : the code does not build, a matter of the code.
        [test] : a test fails, a matter of the code or of the test.
        [quality-gate] : the code does not pass the SonarQube quality gate.
        [image-build] : the image cannot be built, a matter of its Dockerfile and of what it needs.
        [image-push] : the registry does not take the image, a matter of the registry.
        [helm] : the deployment with Helm fails, a matter of the chart, its values or the cluster.
        [smoke] : what was deployed does not pass the tests after the deployment.
        [agent] : the agent was lost while it ran, a matter of Jenkins and its agents.
        [credentials] : credentials are missing or refused, a matter of Jenkins' credentials.
        [checkout] : the sources cannot be fetched, a matter of Git.
        [late] : it ran out of time.
       *[other] {"."}
    }
cause-jenkins-agent-unavailable = A build of the Jenkins job *{ $job }* has waited { $span } for an agent: { $lack ->
        [offline] { $known ->
            [yes] every agent for `{ $label }` is offline.
           *[no] the agents that could take it are offline.
        }
        [none] { $known ->
            [yes] there is none with the label `{ $label }`.
           *[no] there is none with the label it asks for.
        }
       *[busy] { $known ->
            [yes] all agents for `{ $label }` are busy.
           *[no] all agents are busy.
        }
    }
cause-sonar-quality-gate-failed = The SonarQube project *{ $project }* does not pass its quality gate{ $count ->
        [0] {""}
       *[other] {" "}({ $metrics })
    }{ $stops ->
        [yes] {"; "}that is what stops the Jenkins job *{ $job }*.
       *[no] {"."}
    }

fact-jenkins-line = its log: `{ $line }`
fact-jenkins-build = { $count ->
        [one] build #{ $number } failed after { $span }
       *[other] build #{ $number } failed after { $span }; red since #{ $first }, { $count } builds in a row
    }
fact-jenkins-good = the last build that passed is #{ $number }
fact-jenkins-commit = red since commit `{ $commit }` by { $author } (build #{ $number }): “{ $message }”{ $others ->
        [0] {""}
        [one] {" "}and one more commit
       *[other] {" "}and { $others } more commits
    }
fact-jenkins-revision = build #{ $number } built commit `{ $commit }`
fact-jenkins-waits = Jenkins says `{ $why }`
fact-jenkins-offline = the agent `{ $agent }` is offline{ $taken ->
        [yes] , taken away by somebody
       *[no] {""}
    }{ $told ->
        [yes] : `{ $reason }`
       *[no] {""}
    }
fact-sonar-condition = `{ $metric }` is { $actual }, { $comparator ->
        [lower] at least { $threshold } is asked for
       *[higher] at most { $threshold } is allowed
    }
fact-sonar-status = the quality gate is `{ $status }`

why-jenkins-stage-failed = { $matter ->
        [compile] Correct what the first line names, or take that commit back.
        [test] Run that test alone on the same commit: correct the code, or the test where it is the one that is wrong. A test that passes when it is run again is flaky, and worth a ticket of its own.
        [quality-gate] Open the project in SonarQube and mend what the gate names; it does not look at what was there before unless it is told to.
        [image-build] Build the image on the same commit (`docker build .`); the step that fails is the one in the log.
        [image-push] See whether the registry answers and has room, then run the build again: the code is not the reason.
        [helm] `helm status` and the events of the namespace say what did not become ready; run the build again once that is mended.
        [smoke] Look at what was deployed: it runs already. Go back to the revision before if it serves people.
        [agent] Run the build again; if it is lost again, look at that agent's memory, disk and node.
        [credentials] Renew the credential in Jenkins (Manage Jenkins, Credentials) or correct the ID in the Jenkinsfile, then run the build again.
        [checkout] See whether the Git host answers from the agent and whether the branch exists, then run the build again.
        [late] See what it waited for in its last lines before you raise the time-out.
       *[other] Correct what the lines of the log name, then run the build again.
    }
why-jenkins-agent-unavailable = { $lack ->
        [offline] Bring the agent back (Manage Jenkins, Nodes; the log of the agent says why it does not connect). Agents in pods: look for pods of Jenkins that wait or fail.
        [none] Correct the label in the Jenkinsfile, or give an agent or a pod template that label.
       *[busy] Wait, stop a build that hangs, or add executors or agents with that label.
    }
why-sonar-quality-gate-failed = Mend what these conditions count, or cover it with tests, and run the analysis again. To lower the gate is a decision of whoever owns it.
