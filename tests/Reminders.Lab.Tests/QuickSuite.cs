// The simulators: `./dev test --quick` runs them, without the tests of the private PostgreSQL.
[assembly: Trait("Suite", "Quick")]
