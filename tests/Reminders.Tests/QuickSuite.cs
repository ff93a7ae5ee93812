// Without I/O beyond loopback: `./dev test --quick` runs all of them.
[assembly: Trait("Suite", "Quick")]
