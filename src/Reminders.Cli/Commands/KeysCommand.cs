using System.CommandLine;
using Reminders.Storage;
using Reminders.Web.Keys;

namespace Reminders.Cli.Commands;

/// <summary>The keys with which machines call the API.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Who uses it, for the ledger." };

    private static readonly Option<ApiRole> Role = new("--role")
    {
        Description = "recruiter: bookings. operator: also held and dead messages.",
        DefaultValueFactory = _ => ApiRole.Recruiter,
    };

    public static Command Create() => new("keys", "API keys: who may call the API.") { CreateKey(), List(), Revoke() };

    private static Command CreateKey()
    {
        var command = new Command("create", "Make a key. It is shown once, on standard output, and cannot be shown again.") { Name, Role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var engine = Engine.Open();
            var made = await Keys(engine).CreateAsync(parsed.GetValue(Name)!, parsed.GetValue(Role), cancellationToken);
            return await Engine.ReportAsync(made, done => done.Value.Key);
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Every key there ever was, without the keys themselves.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using var engine = Engine.Open();
            var table = new PlainTable("name", "role", "created", "revoked");
            foreach (var key in await Keys(engine).ListAsync(cancellationToken))
                table.Add(key.Name, key.Role.ToColumn(), PlainTable.Show(key.CreatedAt), key.RevokedAt is { } at ? PlainTable.Show(at) : "");
            await Console.Out.WriteAsync(table.ToString());
            return 0;
        });
        return command;
    }

    private static Command Revoke()
    {
        var command = new Command("revoke", "End a key, at once and for good, on every node.") { Name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var engine = Engine.Open();
            if (await Keys(engine).RevokeAsync(parsed.GetValue(Name)!, cancellationToken))
            {
                await Console.Out.WriteLineAsync($"The key '{parsed.GetValue(Name)}' is revoked.");
                return 0;
            }
            await Console.Error.WriteLineAsync($"No key named '{parsed.GetValue(Name)}' is in force; see: keys list.");
            return 1;
        });
        return command;
    }

    private static ApiKeys Keys(Engine engine) => new(engine.Get<Database>());
}
