#!/usr/bin/env bash
# Finds or builds what the cluster tests run against: the control plane (etcd,
# kube-apiserver, kube-controller-manager, kube-scheduler, kwok) and what watches
# it (kube-state-metrics, and an Alertmanager newer than Debian's).
#
# Looks, in this order, at KUBEBUILDER_ASSETS, at the cache folder, and at the
# Go toolchain. Progress goes to stderr; the last line on stdout is the folder
# that holds the binaries. Exits 1 with a one-line reason on stderr when all
# three are closed. With --no-build the Go toolchain is left alone.
#
# VIGIE_CLUSTER_CACHE moves the cache folder, which is named after the pinned
# versions: a new pin builds anew and leaves the old build alone.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
wanted=(etcd kube-apiserver kube-controller-manager kube-scheduler kwok kwok-crds.yaml
  kube-state-metrics alertmanager)

# Programs that are built as they were released, each from its module's own go.mod
# and go.sum, because their dependencies do not agree with the control plane's. The
# last word is the module's sum, as it would stand in a go.sum.
kube_state_metrics=(k8s.io/kube-state-metrics/v2 v2.18.0
  h1:3T0ydK17wNf+uYyxaTMg0vM0lyqWMAv8xDqZjheMdxk=)
alertmanager=(github.com/prometheus/alertmanager v0.35.0
  h1:nbXMjr+P2JaoFd7aHNDxKifEwTPN+TWxM0gNPonuH5w=)

say() { printf 'cluster: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# Names what a folder lacks; nothing when it is complete.
lacks() {
  local name
  for name in "${wanted[@]}"; do
    [[ -s $1/$name ]] || printf ' %s' "$name"
  done
}

found() {
  say "using $1"
  printf '%s\n' "$1"
  exit 0
}

cache_folder() {
  local pins
  pins=$(cat "$here/go.mod" "$here/go.sum" "$here/build.sh" | sha256sum | cut -c1-16)
  printf '%s/%s\n' "${VIGIE_CLUSTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vigie/cluster}" "$pins"
}

version_of() { go list -m -f '{{.Version}}' "$1"; }

# Without these a build from the module registry calls itself v0.0.0-master, and
# clients that read /version or the kubelet skew would see no real release.
version_flags() {
  local version=$1 package minor
  minor=${version#v1.} minor=${minor%%.*}
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    printf -- '-X %s.gitVersion=%s -X %s.gitMajor=1 -X %s.gitMinor=%s ' \
      "$package" "$version" "$package" "$package" "$minor"
    printf -- '-X %s.gitCommit=%s -X %s.gitTreeState=clean ' "$package" "$version" "$package"
    printf -- '-X %s.buildDate=1970-01-01T00:00:00Z ' "$package"
  done
}

# Builds one binary: compile NAME PACKAGE [LINKER FLAGS].
compile() {
  say "building $1"
  nice go build -mod=readonly -trimpath -ldflags "-s -w ${3:-}" -o "$building/$1" "$2"
}

# The value of a key in what `go mod download -json` printed.
field() { sed -n "s/^\t\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" <<<"$2"; }

# Fetches a module in the form it was released in and copies it to where it can be
# built as the main module: released FOLDER PATH VERSION SUM.
released() {
  local told sum
  told=$(GOWORK=off go mod download -json "$2@$3") || return 1
  sum=$(field Sum "$told")
  if [[ $sum != "$4" ]]; then
    say "$2 $3 is not what was pinned: $sum"
    return 1
  fi
  cp -r "$(field Dir "$told")" "$1" && chmod -R u+w "$1"
}

# The pages of Alertmanager are not in its module; an empty one is enough to embed.
without_pages() {
  mkdir -p "$1/ui/app/dist/elm" "$1/ui/app/dist/mantine" &&
    touch "$1/ui/app/dist/elm/index.html" "$1/ui/app/dist/mantine/index.html"
}

build_watchers() {
  local sources=$building/sources
  mkdir "$sources" &&
    released "$sources/kube-state-metrics" "${kube_state_metrics[@]}" &&
    (cd "$sources/kube-state-metrics" && compile kube-state-metrics .) &&
    released "$sources/alertmanager" "${alertmanager[@]}" &&
    without_pages "$sources/alertmanager" &&
    (cd "$sources/alertmanager" && compile alertmanager ./cmd/alertmanager) &&
    rm -rf "$sources"
}

# Chained with && because errexit is off inside a function whose result is tested.
build_all() {
  local flags kwok
  flags=$(version_flags "$(version_of k8s.io/kubernetes)") &&
    compile etcd go.etcd.io/etcd/server/v3 &&
    compile kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver "$flags" &&
    compile kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager "$flags" &&
    compile kube-scheduler k8s.io/kubernetes/cmd/kube-scheduler "$flags" &&
    compile kwok sigs.k8s.io/kwok/cmd/kwok &&
    kwok=$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok) &&
    cat "$kwok"/kustomize/crd/bases/kwok.x-k8s.io_{logs,clusterlogs}.yaml >"$building/kwok-crds.yaml" &&
    build_watchers
}

if [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
  missing=$(lacks "$KUBEBUILDER_ASSETS")
  [[ -n $missing ]] || found "$KUBEBUILDER_ASSETS"
  say "KUBEBUILDER_ASSETS lacks$missing: not used"
fi

cache=$(cache_folder)
[[ -n $(lacks "$cache") ]] || found "$cache"

[[ ${1:-} != --no-build ]] || fail "the control plane is not built: run tests/cluster/build.sh once (minutes)"
command -v go >/dev/null ||
  fail "no binaries in KUBEBUILDER_ASSETS nor in the cache, and no Go toolchain to build them with"

mkdir -p "$(dirname "$cache")"
# One build at a time: a second caller waits and then finds the first one's.
exec 9>"$cache.lock"
flock 9
[[ -n $(lacks "$cache") ]] || found "$cache"

building=$(mktemp -d "$cache.XXXXXX")
trap 'rm -rf "$building"' EXIT
export CGO_ENABLED=0
cd "$here"
say "building the control plane once; expect several minutes"
build_all || fail "the Go toolchain could not build the control plane (its messages are above)"
chmod 755 "$building"
rm -rf "$cache"
mv "$building" "$cache"
trap - EXIT
found "$cache"
