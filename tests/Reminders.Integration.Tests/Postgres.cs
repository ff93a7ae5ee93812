using Reminders.Integration.Tests;
using Reminders.Testing;

[assembly: AssemblyFixture(typeof(Postgres))]

namespace Reminders.Integration.Tests;

/// <summary>The assembly's PostgreSQL.</summary>
public sealed class Postgres() : PostgresFixture;
