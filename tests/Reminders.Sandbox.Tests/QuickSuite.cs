// The simulators and a PostgreSQL of their own: `./dev test --quick` runs all of them.
[assembly: Trait("Suite", "Quick")]
