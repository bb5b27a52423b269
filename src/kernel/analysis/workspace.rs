//! What rust-analyzer has to read before it knows anything: the cells' crate, the crates that it uses, and the standard
//! library.

use crate::{quick_build, standard_library};
use anyhow::{Context, Result, anyhow};
use ra_ap_ide_db::base_db::SourceRoot;
use ra_ap_ide_db::{ChangeWithProcMacros, FxHashMap};
use ra_ap_paths::{AbsPath, AbsPathBuf};
use ra_ap_project_model::{CargoConfig, ProjectManifest, ProjectWorkspace, RustLibSource};
use ra_ap_vfs::file_set::FileSetConfig;
use ra_ap_vfs::{Change, FileId, Vfs, VfsPath};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Read by the library's manifest: without its large dependencies, for which rust-analyzer has no use, and which cost a
/// gigabyte and ten seconds.
const WITHOUT_LARGE_DEPENDENCIES: (&str, &str) = ("RUSTFLAGS", "--cfg course_analysis");

/// All that is to be read.
pub struct Workspace {
    pub change: ChangeWithProcMacros,
    /// The file that holds the cell.
    pub cell: FileId,
}

/// Reads all that cells can use in a kernel that lives in `kernel`: `dependencies`, and the standard library, whose source
/// is `source`.
pub fn read(kernel: &Path, dependencies: &Dependencies, source: Option<PathBuf>) -> Result<Workspace> {
    let folder = absolute(&lay_out(kernel, dependencies)?)?;
    let manifest = ProjectManifest::from_manifest_file(folder.join("Cargo.toml"))?;
    let workspace = ProjectWorkspace::load(manifest, &configuration(source)?, &|_| {})?;
    let mut files = Vfs::default();
    let cell = VfsPath::from(folder.join("src/lib.rs"));
    files.set_file_contents(cell.clone(), Some(Vec::new()));
    for root in workspace.to_roots() {
        for included in &root.include {
            read_folder(included, &root.exclude, &mut files);
        }
    }
    let mut change = ChangeWithProcMacros::default();
    for (file, changed) in files.take_changes() {
        if let Change::Create(content, _) | Change::Modify(content, _) = changed.change {
            change.change_file(file, String::from_utf8(content).ok());
        }
    }
    change.set_roots(roots(&folder, &files));
    let id = |path: &AbsPath| Some(files.file_id(&VfsPath::from(path.to_path_buf()))?.0);
    let (graph, _) = workspace.to_crate_graph(&mut |path| id(path), &FxHashMap::default());
    change.set_crate_graph(graph);
    let cell = files.file_id(&cell).context("the cell's file is not known")?.0;
    Ok(Workspace { change, cell })
}

/// The crates that cells can name, as lines of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependencies(BTreeSet<String>);

impl Dependencies {
    /// Those in a manifest that evcxr has written, where they stand last.
    pub fn of(manifest: &str) -> Self {
        let lines = manifest
            .split_once("[dependencies]")
            .map_or("", |(_, lines)| lines);
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        Self(lines.map(str::to_owned).collect())
    }

    /// Those that evcxr now builds cells with.
    pub fn now(kernel: &Path) -> Result<Self> {
        let path = kernel.join("Cargo.toml");
        let manifest =
            fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Self::of(&manifest))
    }
}

/// Writes a crate that uses the same as the cells' does, with the same versions. Cells' own manifest is evcxr's, and what it
/// says changes while the kernel starts.
fn lay_out(kernel: &Path, Dependencies(lines): &Dependencies) -> Result<PathBuf> {
    let folder = kernel.join("analysis");
    let failed = || format!("{} cannot be written", folder.display());
    fs::create_dir_all(folder.join("src")).with_context(failed)?;
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let manifest = format!(
        "[package]\nname = \"ctx\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}\n",
        lines.join("\n")
    );
    fs::write(folder.join("Cargo.toml"), manifest).with_context(failed)?;
    fs::write(folder.join("src/lib.rs"), "").with_context(failed)?;
    fs::copy(kernel.join("Cargo.lock"), folder.join("Cargo.lock")).with_context(failed)?;
    Ok(folder)
}

fn absolute(path: &Path) -> Result<AbsPathBuf> {
    let text = path
        .to_str()
        .with_context(|| format!("{} is not Unicode", path.display()))?;
    AbsPathBuf::try_from(text).map_err(|_| anyhow!("{text} is not an absolute path"))
}

fn configuration(source: Option<PathBuf>) -> Result<CargoConfig> {
    let compiler = quick_build::compiler().map(|path| path.to_string_lossy().into_owned());
    let (name, flags) = WITHOUT_LARGE_DEPENDENCIES;
    let variables = [(name, Some(flags.to_owned())), ("RUSTC", compiler)];
    let toolchain = standard_library::toolchain().context("rustc does not say where it lives")?;
    let source = source.or_else(standard_library::installed);
    Ok(CargoConfig {
        sysroot: Some(RustLibSource::Path(absolute(&toolchain)?)),
        sysroot_src: source.as_deref().map(absolute).transpose()?,
        extra_env: variables
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect(),
        ..CargoConfig::default()
    })
}

/// What the learner writes, and what does not change while the kernel runs. Of the latter rust-analyzer does not ask with
/// every cell whether all that it knows still holds, which took a tenth of a second.
fn roots(folder: &AbsPath, files: &Vfs) -> Vec<SourceRoot> {
    let mut sets = FileSetConfig::builder();
    sets.add_file_set(vec![VfsPath::from(folder.to_path_buf())]);
    let mut sets = sets.build().partition(files).into_iter();
    let own = sets.next().map(SourceRoot::new_local);
    own.into_iter().chain(sets.map(SourceRoot::new_library)).collect()
}

/// Reads all that is Rust. What cannot be read is missing, as it would be for rustc.
fn read_folder(folder: &AbsPath, excluded: &[AbsPathBuf], files: &mut Vfs) {
    if excluded.iter().any(|path| path.as_path() == folder) {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(path) = absolute(&entry.path()) else {
            continue;
        };
        // Also where a link leads.
        if path.as_ref() as &Path != folder.as_ref() as &Path && entry.path().is_dir() {
            read_folder(&path, excluded, files);
        } else if path.extension() == Some("rs")
            && let Ok(content) = fs::read(&path)
        {
            let path = VfsPath::from(path);
            if files.file_id(&path).is_none() {
                files.set_file_contents(path, Some(content));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_crates_does_not_matter_and_neither_does_how_they_are_built() {
        let one =
            "[package]\n[profile.dev]\nopt-level = 2\n[dependencies]\na = \"1\"\nb = { path = \"/b\" }\n";
        let other = "[profile.dev]\nopt-level = 0\n[dependencies]\nb = { path = \"/b\" }\na = \"1\"\n\n";
        assert_eq!(Dependencies::of(one), Dependencies::of(other));
        assert_ne!(
            Dependencies::of(one),
            Dependencies::of("[dependencies]\na = \"2\"\n")
        );
        assert_eq!(Dependencies::of("[package]"), Dependencies::of(""));
    }
}
