// Small: each test has a database of its own, and waits for nothing.
[assembly: Trait("Suite", "Quick")]
