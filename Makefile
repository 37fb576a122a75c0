# Peili's commands. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup tools build crds chart docs manifests images test demo demo-agent bench bench-herd simulate fuzz format check-format clean

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# One compiler for all projects of a build, and not one a project; it ends by itself when it has nothing to do.
export UseSharedCompilation := true

BIN := artifacts/bin
DOTNET_BUILD := dotnet build Operator.sln --configuration Release --verbosity quiet --nologo
DOTNET_PUBLISH := dotnet publish --configuration Release --use-current-runtime --verbosity quiet --nologo --output $(BIN)

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what build, tests, demo and benches need (Debian packages as root; other containerd versions and Helm into the cache)
	@scripts/install-packages
	@scripts/fetch-containerd
	@scripts/fetch-helm

tools: setup ## Build a real Kubernetes into the cache, for the tests that are skipped without (a quarter of an hour of two processors, once)
	@scripts/fetch-kubernetes
	@scripts/fetch-apiextensions

build: ## Build everything; runnable programs are left in artifacts/bin
	@$(DOTNET_BUILD)
	@$(DOTNET_PUBLISH) node-agent/Peili.NodeAgent
	@$(DOTNET_PUBLISH) operator/Peili.Operator
	@$(DOTNET_PUBLISH) kubectl-peili/Peili.Kubectl

crds: ## Make crds/manifests and docs/api.md from the records of crds/Peili.Crds
	@dotnet run --project crds/Peili.Crds.Generator --configuration Release --verbosity quiet -- crds/manifests docs/api.md

docs: ## Make docs/compatibility.md and the tables of docs/flavors from config/flavors
	@PEILI_UPDATE_DOCS=1 dotnet run --project tests/Peili.Flavors.Tests --configuration Release --verbosity quiet -- -noLogo -noColor -class '*PageTests' >/dev/null

chart: crds ## Make the Helm chart in config/chart from the same manifests as kustomize
	@dotnet run --project config/Peili.Chart.Generator --configuration Release --verbosity quiet -- config

manifests: chart ## Build dist/install.yaml, and dist/install-legacy.yaml for Kubernetes before 1.25
	@mkdir -p dist
	@kubectl kustomize config/default >dist/install.yaml
	@kubectl kustomize config/legacy >dist/install-legacy.yaml

images: build ## Pack agent and operator as OCI archives in artifacts/images, without Docker (BASE_IMAGE= for another base than Debian's packages)
	@scripts/build-images

test: setup check-format build ## Run every test on real containerd and a real registry, set-up included
	@scripts/run-tests

demo: ## A Kubernetes of three nodes, the operator, an agent each: upstream goes off, pods start all the same (ARGS=--help)
ifeq ($(filter --help,$(ARGS)),)
	@[[ -x $${XDG_CACHE_HOME:-$$HOME/.cache}/peili/kubernetes/1.20/kubelet ]] || \
		echo "demo: builds a Kubernetes 1.20 from Debian's sources into the cache first: ten minutes of two processors, once"
	@$(MAKE) --no-print-directory setup
	@scripts/fetch-kubernetes
	@$(MAKE) --no-print-directory images
else
	@$(MAKE) --no-print-directory build
endif
	@artifacts/dotnet/bin/Peili.Demo/release/Peili.Demo cluster $(ARGS)

demo-agent: setup build ## Three nodes without Kubernetes: one pulls from upstream, upstream goes off, the others pull from each other (ARGS=--help)
	@artifacts/dotnet/bin/Peili.Demo/release/Peili.Demo agent $(ARGS)

bench: setup build ## Measure serving against nginx, relaying, misses, memory, and the operator on 5,000 nodes; writes artifacts/bench.json (ARGS=agent, ARGS=operator: one of them; ARGS=metrics: what metrics cost the agent, alone)
	@artifacts/dotnet/bin/Peili.Bench/release/Peili.Bench $(ARGS)

bench-herd: setup build ## Measure eight nodes that want one new image, with agents and without; adds to artifacts/bench.json (ARGS="--containerd 2.1")
	@artifacts/dotnet/bin/Peili.Bench/release/Peili.Bench herd $(ARGS)

simulate: build ## Run the overlay's simulations, about an hour of one processor; writes artifacts/simulate.json
	@dotnet run --project tests/Peili.Overlay.Simulation --configuration Release --no-build -- artifacts

fuzz: build ## Fuzz what the network may send, for minutes; PEILI_FUZZ_ROUNDS and PEILI_FUZZ_SEED set how long and repeat a run
	@export PEILI_FUZZ_ROUNDS=$${PEILI_FUZZ_ROUNDS:-5000000} PEILI_FUZZ_SEED=$${PEILI_FUZZ_SEED:-$$RANDOM}; \
	echo "PEILI_FUZZ_ROUNDS=$$PEILI_FUZZ_ROUNDS PEILI_FUZZ_SEED=$$PEILI_FUZZ_SEED"; \
	artifacts/dotnet/bin/Peili.Overlay.Tests/release/Peili.Overlay.Tests -noLogo -noColor -class '*FuzzTests'

format: ## Put the code into the repository's format
	@dotnet format Operator.sln

check-format:
	@dotnet format Operator.sln --verify-no-changes

clean: ## Remove everything that was built
	@rm -rf artifacts
