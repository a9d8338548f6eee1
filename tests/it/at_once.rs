//! Several questions at once in one process: each has its own cancellation flag and its own threads, and none
//! affects another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tamarisk::run::{self, Cancel, Case, Unwatched, Wanted, Watch};

/// Stops the first question as soon as it scores, and holds the second back until then.
struct Meeting {
    stop: Option<Arc<Cancel>>,
    stopped: Arc<AtomicBool>,
    advanced: AtomicU64,
}

impl Watch for Meeting {
    fn stage(&self, what: &str, _: Option<u64>) {
        match &self.stop {
            Some(cancel) if what == "scoring" => {
                cancel.raise();
                self.stopped.store(true, Ordering::SeqCst);
            }
            Some(_) => {}
            None => {
                while what == "scoring" && !self.stopped.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
            }
        }
    }

    fn advance(&self, steps: u64) {
        self.advanced.fetch_add(steps, Ordering::SeqCst);
    }
}

/// Scores the built-in case on a thread pool of its own.
fn ask(threads: usize, watch: &Meeting, cancel: &Cancel) -> tamarisk::Result<String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| {
        assert_eq!(rayon::current_num_threads(), threads);
        let case = Case::open(&run::demo(), watch, cancel)?;
        let scored = run::perform(&case, watch, cancel)?;
        let layer = tamarisk::layers::sites(case.context(), &scored);
        let mut bytes = Vec::new();
        tamarisk::sinks::geojson::write(&layer, &mut bytes).expect("it is written");
        Ok(String::from_utf8(bytes).expect("UTF-8"))
    })
}

#[test]
fn a_question_that_is_stopped_leaves_another_alone() {
    let alone = {
        let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
        let scored = run::perform(&case, &Unwatched, &Cancel::new()).expect("scores");
        let mut bytes = Vec::new();
        let layer = tamarisk::layers::sites(case.context(), &scored);
        tamarisk::sinks::geojson::write(&layer, &mut bytes).expect("it is written");
        String::from_utf8(bytes).expect("UTF-8")
    };
    let stopped = Arc::new(AtomicBool::new(false));
    let (first, second) = (Arc::new(Cancel::new()), Cancel::new());
    let meeting =
        |stop| Meeting { stop, stopped: Arc::clone(&stopped), advanced: AtomicU64::new(0) };
    let (of_first, of_second) = (meeting(Some(Arc::clone(&first))), meeting(None));
    let (broken, whole) = std::thread::scope(|scope| {
        let broken = scope.spawn(|| ask(1, &of_first, &first));
        let whole = scope.spawn(|| ask(2, &of_second, &second));
        (broken.join().expect("no panic"), whole.join().expect("no panic"))
    });
    assert!(broken.expect_err("it was stopped").is_interrupted());
    assert!(first.is_raised() && !second.is_raised());
    assert_eq!(whole.expect("it was not stopped"), alone);
    assert!(of_second.advanced.load(Ordering::SeqCst) > 0);
}

#[test]
fn a_folder_is_written_by_whoever_asks_with_threads_of_their_own() {
    let write = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let folder = tempfile::tempdir().expect("a folder");
        let names = pool.install(|| {
            let request = run::demo();
            let (wanted, cancel) = (Wanted::default(), Cancel::new());
            let stop = || cancel.is_raised();
            let output =
                run::claim(&request, &wanted, folder.path(), false, &stop).expect("a folder");
            let case = Case::open(&request, &Unwatched, &cancel).expect("the case");
            let done = run::deliver(&request, &case, &wanted, output, &Unwatched, &cancel);
            done.expect("it is written").written.files
        });
        let bytes = |name: &String| std::fs::read(folder.path().join(name)).expect("a file");
        names.iter().map(|file| (file.name.clone(), bytes(&file.name))).collect::<Vec<_>>()
    };
    let (one, three) = std::thread::scope(|scope| {
        let one = scope.spawn(|| write(1));
        let three = scope.spawn(|| write(3));
        (one.join().expect("no panic"), three.join().expect("no panic"))
    });
    assert!(one.len() > 3);
    assert_eq!(one, three);
}
