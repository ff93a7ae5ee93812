namespace Reminders.Integration.Tests.Web;

/// <summary>One node for the tests of a class: each uses bookings of its own.</summary>
public sealed class SharedWebNode(Postgres postgres) : IAsyncLifetime
{
    public WebNode Node { get; private set; } = null!;
    public Postgres Postgres => postgres;

    public async ValueTask InitializeAsync() => Node = await WebNode.StartAsync(postgres);

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
