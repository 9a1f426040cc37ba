### What the causes of the family "container" say: summaries, evidence, fixes. Written with the judges.
### Marks: `code` and *bold* only. Arguments are escaped when they are rendered.

cause-oom-killed = `{ $workload }`: container `{ $container }` is killed for lack of memory at its limit of *{ $limit }* ({ $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }); { $ready } of { $wanted } replicas carry the load.
cause-oom-killed-no-limit = `{ $workload }`: container `{ $container }` runs out of memory, and has no limit of its own ({ $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }); { $ready } of { $wanted } replicas carry the load.
cause-crash-command-not-found = `{ $workload }`: the command `{ $command }` of container `{ $container }` does not exist in the image `{ $image }`.
cause-crash-command-not-found-image = `{ $workload }`: the image `{ $image }` of container `{ $container }` cannot run its own entrypoint: no such file or command.
cause-crash-missing-env = `{ $workload }`: container `{ $container }` { $runs ->
        [yes] does not get ready
        [serves] fails
       *[no] ends
    } because the variable `{ $variable }` is missing or empty.
cause-crash-application-error = `{ $workload }`: container `{ $container }` ends by itself with code { $code }: `{ $error }`
cause-crash-application-error-no-log = `{ $workload }`: container `{ $container }` ends by itself with code { $code }; its log was not there to say why.
cause-connection-limit-reached = `{ $workload }` has no connection left to give: its limit of *{ $limit }* is reached.
cause-connection-limit-reached-unknown = `{ $workload }` has no connection left to give: its limit is reached.
cause-connection-limit-own-pool = `{ $workload }`: every connection in the pool of container `{ $container }` is taken, and requests wait for one in vain.
cause-oom-killed-starved = `{ $workload }`: container `{ $container }` runs out of memory without being killed{ $known ->
        [yes] {" "}(its limit is *{ $limit }*)
       *[no] {""}
    }, and fails at what it is asked.

fact-log-says = The log says: `{ $line }`
fact-runtime-says = The container runtime says: `{ $line }`
fact-replicas-ready = { $ready } of { $wanted } replicas ready
fact-memory-peak = Highest use of the last 24 h: { $peak }, limit { $limit }
fact-container-killed = Ended as { $reason }, code { $code }; { $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }; memory limit { $limit }, request { $request }
fact-container-exited = Ended with code { $code }; { $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }; { $ready } of { $wanted } replicas ready
fact-variable-absent = `{ $variable }` is not in the container's `env`{ $sources ->
        [0] , and nothing comes from `envFrom`
        [one] ; 1 `envFrom` source may lack it
       *[other] ; { $sources } `envFrom` sources may lack it
    }

why-memory-from-peak = This is the highest use of the last 24 h plus half, an estimate. If memory grows without end, a larger limit only buys time: look for the leak.
why-memory-doubled = This is twice the limit, an estimate: how much it really needs is not known. If memory grows without end, look for the leak.
why-memory-set-limit = Set a limit, so that it cannot take the node's memory; the value follows from what it uses.
why-command = Correct the command, or build it into the image.
why-missing-env = Set it, or add the key to the ConfigMap or Secret it should come from.
why-connection-limit = This is twice the limit, an estimate. First see who holds the connections: the clients' pools together must stay below it.

cause-crash-not-executable = `{ $workload }`: what container `{ $container }` is to run cannot be executed (image `{ $image }`).
cause-crash-segfault = `{ $workload }`: container `{ $container }` crashes in native code (segmentation fault).
cause-crash-bad-config = `{ $workload }`: container `{ $container }` { $runs ->
        [yes] does not get ready
       *[no] ends
    } because it cannot read its configuration.
cause-database-auth-failed = `{ $workload }`: the database refuses the login{ $known ->
        [yes] {" "}of *{ $named }*
       *[no] {""}
    }, and container `{ $container }` { $runs ->
        [yes] does not get ready.
        [serves] fails at it.
       *[no] ends.
    }
cause-database-read-only = `{ $workload }`: its database takes no writes, and container `{ $container }` { $runs ->
        [yes] does not get ready.
        [serves] fails at it.
       *[no] ends.
    }
cause-database-read-only-replica = `{ $workload }` writes to *{ $server }*, which is a replica and takes no writes: so says `{ $variable }`.
cause-database-read-only-server = The database *{ $server }* takes no writes, and `{ $workload }` { $runs ->
        [yes] does not get ready.
        [serves] fails at it.
       *[no] ends.
    }
cause-disk-full-server = *{ $server }* has no room left on its disk, and refuses what `{ $workload }` writes.
cause-disk-full-evicted = `{ $workload }`: { $pods ->
        [one] a pod was evicted because it filled
       *[other] { $pods } pods were evicted because they filled
    } more local disk than it may: { $why }
cause-disk-full = `{ $workload }`: container `{ $container }` has no room left on its disk.
cause-permission-denied = `{ $workload }`: container `{ $container }` may not use *{ $named }*.
cause-permission-denied-port = `{ $workload }`: container `{ $container }` may not listen{ $known ->
        [yes] {" "}on port *{ $named }*
       *[no] {""}
    }: the system forbids it.
cause-tls-certificate-invalid = `{ $workload }`: container `{ $container }` { $runs ->
        [yes] does not get ready
        [serves] fails
       *[no] ends
    } because a certificate is not accepted.
cause-tls-certificate-invalid-server = The certificate of *{ $server }* is out of date, and `{ $workload }` does not accept it.
cause-port-conflict = `{ $workload }`: container `{ $container }` cannot listen{ $known ->
        [yes] {" "}on port *{ $named }*
       *[no] {" "}on one of its ports
    }: it is already taken.

why-crash-not-executable = Build the image for the node's architecture, and give the entrypoint the right to be executed (`chmod +x`).
why-crash-segfault = Go back to the revision before, and give the core dump to whoever builds it: it is a bug, of a native library most of the time.
why-crash-bad-config = Correct the file or flag it names; a ConfigMap is read again only at the next start.
why-database-auth-failed = Bring user and password in the Secret in line with the database; after a rotation the pods have to be restarted.
why-database-read-only = See whether the address leads to a replica, or the database failed over or was set to read-only; the writes have to go to the primary.
why-database-replica = Give it the address of the primary for what it writes; a replica is for reading only.
why-disk-full = Free or enlarge what it writes to: the claim's size, the `ephemeral-storage` limit, or logs and temporary files nobody removes.
why-disk-full-evicted = Raise the `ephemeral-storage` limit or the `sizeLimit` of the `emptyDir`, or find what fills it: temporary files, logs written into the container.
why-permission-denied = Set `fsGroup` or `runAsUser` to the owner of the path, or mount an `emptyDir` there where the root file system is read-only.
why-permission-denied-port = Have it listen above 1024 and let the Service's `targetPort` follow, or give it the capability `NET_BIND_SERVICE`.
why-connection-own-pool = See what holds them: a slow or blocked query, or code that does not give its connection back. A larger pool helps only while the server has connections to spare.
why-tls-certificate-invalid = Renew the certificate, trust its authority, or call the server by the name the certificate is for: the quoted line says which.
why-port-conflict = Give one of the two another port: two containers of a pod share its ports, and with `hostNetwork` all pods of a node do.

cause-init-container-failing = `{ $workload }`: the step `{ $container }` (init container) fails with code { $code }, so the application never starts: `{ $error }`
cause-init-container-failing-no-log = `{ $workload }`: the step `{ $container }` (init container) fails with code { $code }, so the application never starts; its log was not there to say why.
cause-init-container-waiting = `{ $workload }`: the step `{ $container }` (init container) has been waiting{ $known ->
        [yes] {" "}for *{ $for }*
       *[no] {""}
    } for { $lasts }, so the application never starts.
cause-application-errors-in-log = `{ $workload }`: container `{ $container }` runs and writes errors, { $count } of one sort within { $span }{ $new ->
        [yes] , unknown to the revision before
        [no] , as the revision before does
       *[unknown] {""}
    }: `{ $template }`
cause-volume-permission-denied = `{ $workload }`: container `{ $container }` may not use *{ $path }*: the volume `{ $volume }` mounted there { $how ->
        [mode] gives its files to somebody else (mode of its files)
        [server] belongs to somebody else on its server or node
        [owner] belongs to somebody else in spite of `fsGroup`
       *[group] belongs to somebody else, and the pod sets no `fsGroup`
    }{ $known ->
        [yes] {" "}(it runs as user { $user }).
       *[no] .
    }

fact-container-serves = Runs and says that it is ready; { $ready } of { $wanted } replicas ready
fact-container-unready = Runs and is not ready; { $restarts ->
        [one] 1 restart
       *[other] { $restarts } restarts
    }; { $ready } of { $wanted } replicas ready
fact-init-runs = `{ $container }` has been running for { $lasts }; nothing after it can start
fact-log-errors = { $all } errors in its log within { $span }, { $count } of this sort
fact-volume-owner = `{ $volume }` is mounted at `{ $mount }`{ $known ->
        [yes] ; the container runs as user { $user }
       *[no] ; the user is the image's own
    }

why-init-container-failing = Correct what `{ $container }` says; it is tried again by itself. The application's own log is empty until then.
why-init-container-waiting = { $known ->
        [yes] See whether *{ $for }* exists, is ready and may be reached from here. It goes on by itself as soon as that answers.
       *[no] See in its command and its log what it waits for. It goes on by itself as soon as that answers.
    }
why-application-errors-in-log = { $new ->
        [yes] It came with the revision: go back to the one before, or correct it.
       *[other] Read the lines around it: what it was doing, and for whom. Nothing else was found that would explain them.
    }
why-volume-permission-denied = { $how ->
        [mode] Set `defaultMode` so that its user may read, or `fsGroup` to its group.
        [server] `fsGroup` does nothing for `hostPath` and NFS: give the directory to the container's user there, or run as its owner.
        [owner] See who owns the files: the driver may not support `fsGroup`, or files of another user came later (`fsGroupChangePolicy`).
       *[group] With `fsGroup` the kubelet gives the volume to the group of the container.
    }
