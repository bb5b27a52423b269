//! What the hash tables of the standard library are built on.
//!
//! `HashMap` and `HashSet` wrap those of the crate `hashbrown`. Of that rust-analyzer needs but one thing: that the
//! parameters of its types count. Otherwise it takes `Iter<'a, K, V>` for the same type whatever `K` and `V` are, and does
//! not know what the iterator gives. So a few empty types stand in for the crate.

use std::path::Path;

struct StandIn {
    /// Below the standard library's folder.
    file: &'static str,
    import: &'static str,
    module: &'static str,
}

const STAND_INS: [StandIn; 2] = [
    StandIn {
        file: "std/src/collections/hash/map.rs",
        import: "use hashbrown::hash_map as base;",
        module: "mod base {
    pub struct HashMap<K, V, S, A>(K, V, S, A);
    pub struct Iter<'a, K, V>(&'a K, &'a V);
    pub struct IterMut<'a, K, V>(&'a K, &'a mut V);
    pub struct IntoIter<K, V, A>(K, V, A);
    pub struct Drain<'a, K, V, A>(&'a mut (K, V, A));
    pub struct ExtractIf<'a, K, V, F, A>(&'a mut (K, V, A), F);
    pub struct RustcEntry<'a, K, V, A>(&'a mut (K, V, A));
    pub struct RustcOccupiedEntry<'a, K, V, A>(&'a mut (K, V, A));
    pub struct RustcVacantEntry<'a, K, V, A>(&'a mut (K, V, A));
}",
    },
    StandIn {
        file: "std/src/collections/hash/set.rs",
        import: "use hashbrown::hash_set as base;",
        module: "mod base {
    pub struct HashSet<T, S, A>(T, S, A);
    pub struct Iter<'a, T>(&'a T);
    pub struct IntoIter<T, A>(T, A);
    pub struct Drain<'a, T, A>(&'a mut (T, A));
    pub struct ExtractIf<'a, T, F, A>(&'a mut (T, A), F);
    pub struct Entry<'a, T, S, A>(&'a mut (T, S, A));
    pub struct OccupiedEntry<'a, T, S, A>(&'a mut (T, S, A));
    pub struct VacantEntry<'a, T, S, A>(&'a mut (T, S, A));
}",
    },
];

/// Whether the stand-ins fit: whether this is a library that imports its tables as they expect.
pub fn fit(library: &Path) -> bool {
    STAND_INS.iter().all(|stand_in| {
        std::fs::read_to_string(library.join(stand_in.file))
            .is_ok_and(|source| source.matches(stand_in.import).count() == 1)
    })
}

/// The source of the file at `place` in the library, with the stand-in instead of the import.
pub fn stand_in(place: &Path, source: String) -> String {
    match STAND_INS
        .iter()
        .find(|stand_in| Path::new(stand_in.file) == place)
    {
        Some(found) => source.replace(found.import, found.module),
        None => source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_imports_its_tables_otherwise_gets_no_stand_ins() {
        let library = tempfile::tempdir().unwrap();
        assert!(!fit(library.path()));
        for StandIn { file, import, .. } in STAND_INS {
            let path = library.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, format!("{import}\n")).unwrap();
        }
        assert!(fit(library.path()));
        let map = STAND_INS[0].file;
        assert!(stand_in(Path::new(map), STAND_INS[0].import.to_owned()).starts_with("mod base {"));
        assert_eq!(
            stand_in(Path::new("std/src/lib.rs"), "use a;".to_owned()),
            "use a;"
        );
        std::fs::write(library.path().join(map), "use other::map as base;").unwrap();
        assert!(!fit(library.path()));
    }

    #[test]
    fn every_type_that_the_tables_of_this_compiler_wrap_has_a_stand_in() {
        let Some(library) = super::super::installed() else {
            eprintln!(
                "rust-src is not installed before set-up; a test of the kernel looks at the types themselves"
            );
            return;
        };
        assert!(fit(&library));
        for stand_in in STAND_INS {
            let source = std::fs::read_to_string(library.join(stand_in.file)).unwrap();
            let used = source.split("base::").skip(1);
            for name in used.filter_map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next()) {
                let is_there = stand_in.module.contains(&format!("struct {name}<"));
                assert!(is_there, "{name} in {}", stand_in.file);
            }
        }
    }
}
