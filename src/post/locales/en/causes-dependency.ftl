### What the judge of dependencies says: summaries, evidence, fixes.

cause-dependency-unreachable = `{ $workload }` gets no answer from `{ $address }`.
cause-dependency-unreachable-no-name = `{ $workload }` calls `{ $address }`, and that name does not resolve.
cause-dependency-unreachable-unnamed = `{ $workload }` cannot reach something it needs, and nothing in its environment says where that is: “{ $error }”.
cause-dependency-wrong-address = `{ $workload }` calls `{ $address }`, which nothing offers; `{ $right }` exists.
fact-address-configured = `{ $variable }` says `{ $address }`
fact-no-address = its environment names { $count ->
        [0] no address
        [one] 1 address, and not this one
       *[other] { $count } addresses, and not this one
    }
why-dependency-look = Find out why `{ $address }` does not answer; `{ $address }` is what to repair.
why-dependency-unnamed = Tell it where that is; the name of the variable is a guess from the log line.
why-address = The address that exists.
