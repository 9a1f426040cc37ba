### What the causes of the family "delivery" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-helm-release-failed = The Helm release *{ $release }* in { $namespace } is failed: its revision { $revision } did not go through.
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
