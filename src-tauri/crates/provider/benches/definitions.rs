//! How the cost of reading a definition grows with its size, up to the largest that is read; and a hundred of those.

#![allow(clippy::disallowed_methods, reason = "a bench has a clock")]

use std::fmt::Write as _;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use keywright_provider::{Definition, MAX_BYTES, scaffold};

/// A definition of nearly `size` bytes: the usual beginning, then scopes and endpoints that need them.
fn definition_of(size: usize, number: usize) -> String {
    let mut text = scaffold(&format!("Bench {number}"));
    for at in 0.. {
        let (resource, mut more) = (letters(at), String::new());
        write!(
            more,
            "\n[[scopes.values]]\nvalue = \"{resource}:read\"\ntitle = \"Read {resource}\"\n\n\
             [[endpoints]]\nid = \"read-{at}\"\nlabel = \"GET /resource/{at}\"\nmethod = \"GET\"\npath = \"/resource/{at}\"\n\
             needs = {{ all = [\"{resource}:read\"] }}\n"
        )
        .expect("a string takes all");
        if text.len() + more.len() > size {
            return text;
        }
        text += &more;
    }
    text
}

/// A name for each number, of the letters that the beginning allows in one.
fn letters(mut number: usize) -> String {
    let mut name = "resource_".to_owned();
    loop {
        name.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return name;
        }
    }
}

fn by_size(c: &mut Criterion) {
    let mut group = c.benchmark_group("read a definition");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2)).sample_size(20);
    // The beginning is 7 kB, mostly comments, which cost next to nothing: below 32 KiB they would be what is measured.
    for size in [1 << 15, 1 << 17, MAX_BYTES] {
        let text = definition_of(size, 0);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |b| {
            b.iter(|| Definition::parse(&text).expect("it is well formed"));
        });
    }
    group.finish();

    let hundred: Vec<String> = (0..100).map(|number| definition_of(MAX_BYTES, number)).collect();
    let mut group = c.benchmark_group("definitions");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(5)).sample_size(10);
    for count in [1, 10, 100] {
        group.bench_function(BenchmarkId::new("read the largest", count), |b| {
            b.iter(|| {
                hundred[..count].iter().map(|text| Definition::parse(text).expect("well formed")).collect::<Vec<_>>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, by_size);
criterion_main!(benches);
