# make demo and make test do all the set-up they need. CARGO may name another cargo.

CARGO ?= cargo
DATA  ?= ../shared/data

.PHONY: instructions help demo test bless test-all wheel quick-wheel test-python test-postgis test-spark lint fmt bench bench-growth bench-parts serve-bench doc oracle hindcast formats-check qgis-check qgis-zip test-qgis report-check web web-check page-check api-check pictures book deny fuzz first-build setup clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## install what the build needs: a C++ compiler, cmake, sqlite3
	@sh scripts/setup.sh

demo: setup ## build, and score the built-in case into out/demo
	$(CARGO) build --release --locked
	target/release/tamarisk demo -o out/demo

# The release profile: proj is then compiled once for the program and for its tests. The Python extension is built and
# tested by test-python: it needs an interpreter.
test: setup ## run the tests
	$(CARGO) test --release --locked --workspace --exclude tamarisk-python
	CARGO="$(CARGO)" sh scripts/large_tests.sh

lint: setup ## formatting, lints, documentation
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --exclude tamarisk-python --all-targets --locked -- -D warnings
	$(CARGO) clippy --release -p tamarisk-python --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --release --workspace --exclude tamarisk-python --no-deps --locked --quiet

bless: setup ## write anew what the tests hold as known: golden outputs, tables of docs/FORMATS.md, what the book shows
	BLESS=1 $(CARGO) test --release --locked --test it -- golden contract remedies book::every_page
	BLESS=1 $(CARGO) test --release --locked --lib documented

fmt: ## format the code
	$(CARGO) fmt --all

test-all: test lint ## everything: tests, lints, the small library, damaged files, the oracle, Python, Spark, PostGIS, the QGIS plugin
	$(CARGO) check --release --no-default-features --locked
	$(CARGO) check --release --no-default-features --features cli --locked
	FUZZ_SECONDS=120 $(MAKE) fuzz
	$(MAKE) oracle
	$(MAKE) web-check
	$(MAKE) wheel
	$(MAKE) test-python
	$(MAKE) test-postgis
	$(MAKE) test-spark
	$(MAKE) test-qgis

wheel: setup ## build the Python wheel into target/wheels, and fail above 14.5 MB
	sh scripts/python_setup.sh
	sh scripts/wheel.sh

# For tests the wheel of any size, of what is compiled already; TAMARISK_WHEEL names another one.
quick-wheel: setup
	sh scripts/python_setup.sh
	WHEEL_PROFILE=release sh scripts/wheel.sh

test-python: quick-wheel ## install the wheel and run the tests of the Python package
	sh scripts/test_python.sh python/tests

test-postgis: quick-wheel ## score layers of a real PostGIS, started for it, and write them back
	sh scripts/postgis_setup.sh
	sh scripts/test_python.sh python/tests/postgis

fuzz: setup ## damage files of every format for FUZZ_SECONDS (600) and see that no property breaks
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(CARGO) test --release --locked --test it -- --exact --nocapture \
		fuzz::damaged_files_of_every_format_are_read_or_refused

first-build: setup ## measure the processor time of a build from nothing, and fail past 1.2 times what is recorded
	sh scripts/first_build.sh

oracle: ## compare with an independent reading of the method in Python
	sh tests/oracle/run.sh "$(DATA)"

hindcast: setup ## compare the scores of past years with what followed, on UCDP's record of Pakistan
	$(CARGO) build --release --locked
	sh scripts/hindcast.sh "$(DATA)"

formats-check: setup ## compare what is read from every format with what is read from GeoJSON
	sh tests/formats/run.sh

qgis-check: setup ## open every layer in QGIS itself and say what is wrong with it
	$(CARGO) build --release --quiet
	sh scripts/qgis_check.sh "$(DATA)"

qgis-zip: ## pack the QGIS plugin into out/tamarisk-qgis-VERSION.zip
	python3 scripts/qgis_zip.py

test-qgis: setup ## install the plugin into an empty profile of QGIS and run its tools without a window
	$(CARGO) build --release --locked --quiet
	sh scripts/qgis_provider.sh

report-check: setup ## work the reports in a browser and say what is wrong with them
	$(CARGO) build --release --quiet
	sh scripts/report_check.sh

web: ## build the script and style of the page of `serve` into web/dist, which is committed
	cd web && npm ci --no-audit --no-fund --silent && npm run --silent build

web-check: ## compare web/dist with what its sources make
	cd web && npm ci --no-audit --no-fund --silent && npm run --silent check

page-check: setup ## work the page of `serve` in a browser and say what is wrong with it
	$(CARGO) build --release --quiet
	sh scripts/page_check.sh

api-check: setup ## ask `serve` what its description allows and what not, and say where the answers differ
	$(CARGO) build --release --quiet
	sh scripts/api_check.sh

test-spark: quick-wheel ## score on a small Spark cluster of this machine and compare with one process
	sh scripts/spark_setup.sh
	sh scripts/test_python.sh python/tests_spark

pictures: setup ## make the pictures of the README and the book anew, in a browser and in QGIS
	$(CARGO) build --release --locked --quiet
	sh scripts/pictures.sh

book: ## build the book of docs into target/book, with mdBook
	sh scripts/book.sh

bench: setup ## time Tamarisk beside others on the same work; ONLY=w1,w2 selects, SCALE=0.1 is quick, PEERS=1 adds libraries of Python
	if [ "$(PEERS)" = 1 ]; then sh scripts/bench_peers.sh; fi
	$(CARGO) bench --locked --bench workloads

bench-growth: setup ## time runs from 10,000 to 10,000,000 incidents and draw docs/img/growth.svg
	ONLY=growth $(CARGO) bench --locked --bench workloads

bench-parts: setup ## time the parts of the engine
	$(CARGO) bench --locked --bench engine

instructions: setup ## count the processor's instructions on small cases, and fail if one takes 5 % more than known; BLESS=1 writes the counts
	$(CARGO) build --release --quiet --locked
	BLESS=$(BLESS) sh scripts/instructions.sh

# A thousand idle connections need as many open files on both sides.
serve-bench: setup ## load `serve` with questions; SECONDS=1 and SCALE=0.1 are quick, ONLY=items,near selects, PEERS=1 asks other servers too
	sh scripts/serve_bench_setup.sh
	ulimit -n 4096 2>/dev/null || true; $(CARGO) bench --locked --bench serve

deny: ## check licences and advisories of dependencies (needs cargo-deny)
	$(CARGO) deny check

doc: ## build the documentation of the library
	$(CARGO) doc --release --no-deps --open

clean: ## remove what was built and written
	$(CARGO) clean
	rm -rf out
