//! Pictures and models as files.

use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// What a path ends in, in small letters.
pub(super) fn ending(path: &Path) -> Option<String> {
    path.file_name()?;
    Some(path.extension()?.to_str()?.to_lowercase())
}

/// Has the system write down, too, under which name the file lies: that stands in the folder, not in the file.
fn keep_entry(path: &Path) -> std::io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let kept = std::fs::File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    match kept {
        // Some file systems cannot, and some folders may be written to but not read. The file is whole all the same.
        Err(problem)
            if matches!(
                problem.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        kept => kept,
    }
}

/// Writes a file that appears whole or not at all.
pub(crate) fn write(operation: &str, path: &Path, content: &[u8]) -> Result<()> {
    let mut unfinished = path.file_name().unwrap_or_default().to_owned();
    unfinished.push(format!(".{}.part", std::process::id()));
    let unfinished = path.with_file_name(unfinished);
    let written = std::fs::File::create(&unfinished)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, path))
        .and_then(|()| keep_entry(path));
    written.map_err(|problem| {
        // Best effort: the error that is reported is the one that matters.
        let _ = std::fs::remove_file(&unfinished);
        Error::new(operation)
            .expected("a path that can be written")
            .got(format!("{} ({problem})", path.display()))
            .hint("check that the folder exists, may be written to, and has room")
    })
}
