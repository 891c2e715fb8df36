#![no_main]

use axum::body::Bytes;
use futures_util::{FutureExt, stream};
use nhacviec::web::form::{FormError, FormLimits, read};

const LIMITS: FormLimits = FormLimits { files: 2, file: 64 };

// In pieces of every size, as a network brings them: what comes out stays within limits and is the same.
libfuzzer_sys::fuzz_target!(|input: (u8, &[u8])| {
    let (size, bytes) = input;
    let pieces: Vec<Result<Bytes, FormError>> =
        bytes.chunks(usize::from(size) + 1).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    for kind in ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
        let form = read(kind, stream::iter(pieces.clone()), LIMITS).now_or_never().expect("nothing to wait for");
        assert!(form.files.len() <= LIMITS.files);
        assert!(form.files.iter().flat_map(|file| &file.bytes).all(|bytes| bytes.len() <= 64));
        assert!(!form.field("note").contains(char::is_control));
    }
});
