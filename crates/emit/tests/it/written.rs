//! Every file that is emitted, written to the target folder, where validators that nobody here wrote can read it.
#![expect(clippy::disallowed_methods, reason = "the validators read files")]

use std::fs;
use std::path::Path;

use siteplan_emit::documents::deployment_tdd;
use siteplan_emit::{pipeline_files, platform_files, platforms_with_files};
use siteplan_model::design::Design;

use crate::sample;

#[test]
fn all_files_are_written_for_the_validators() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("emitted");
    if root.exists() {
        fs::remove_dir_all(&root).expect("what an earlier version wrote can be removed");
    }
    for design in [sample::next_on_render(), sample::api_and_worker_on_ecs(), sample::front_end_on_vercel()] {
        write(&root.join(&design.application.slug), &design);
        for host in ["gitlab", "bitbucket", "other"] {
            let design = sample::on_host(&design, host);
            write(&root.join(format!("{}-{host}", design.application.slug)), &design);
        }
    }
    for platform in platforms_with_files() {
        write(&root.join(format!("everything-on-{platform}")), &sample::everything_on(platform));
    }
}

fn write(folder: &Path, design: &Design) {
    let mut files = pipeline_files(design);
    files.extend(platform_files(design));
    files.push(deployment_tdd(design, &files));
    for file in files {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .expect("the target folder can be written");
        fs::write(&path, &file.contents).expect("the target folder can be written");
    }
}
