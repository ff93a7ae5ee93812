using System.CommandLine;
using System.Globalization;
using Reminders.Storage;
using Reminders.Web.Keys;

namespace Reminders.Cli.Commands;

/// <summary>The keys with which machines call the API.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Who uses it, for the ledger." };

    private static readonly Option<ApiRole?> Role = new("--role")
    {
        Description =
            "Short for scopes. recruiter (the default): bookings, notifications, people and tokens of its owner. operator: "
            + "all of it, everybody's, "
            + "and held and dead messages.",
    };

    private static readonly Option<string[]> Scope = new("--scope")
    {
        Description = $"In place of a role, as often as needed or with commas: {string.Join(", ", ApiScopes.All)}.",
    };

    private static readonly Option<string?> Owner = new("--owner")
    {
        Description =
            "The app or tenant it belongs to: keys of one owner share bookings, subjects and people, and find nobody else's. "
            + "Default: the key's name.",
    };

    private static readonly Option<string?> Recruiter = new("--recruiter")
    {
        Description =
            "The reference of one recruiter: the key finds that person's bookings and nothing else "
            + $"(the scope {ApiScopes.RecruitersBookings}). With --owner, whose person it is.",
    };

    private static readonly Option<TimeSpan?> Expires = new("--expires")
    {
        Description = "How long it is good for: 90d, 12h, 30m. Default: for ever.",
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (
                given.Length > 1
                && int.TryParse(given.AsSpan(0, given.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            )
            {
                switch (given[^1])
                {
                    case 'd' when count <= ApiKeyDraft.LongestLife.Days:
                        return TimeSpan.FromDays(count);
                    case 'h':
                        return TimeSpan.FromHours(count);
                    case 'm':
                        return TimeSpan.FromMinutes(count);
                }
            }
            result.AddError($"--expires is '{given}': give a number with d, h or m, such as 90d; at most {ApiKeyDraft.LongestLife.Days}d.");
            return null;
        },
    };

    public static Command Create() => new("keys", "API keys: who may call the API.") { CreateKey(), List(), Revoke() };

    private static Command CreateKey()
    {
        var command = new Command("create", "Make a key. It is shown once, on standard output, and cannot be shown again.")
        {
            Name,
            Role,
            Scope,
            Owner,
            Recruiter,
            Expires,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Role) is not null && result.GetResult(Scope) is not null)
            {
                result.AddError("--role is short for scopes: give it, or --scope, not both.");
            }

            if (result.GetResult(Recruiter) is not null && (result.GetResult(Role) ?? (object?)result.GetResult(Scope)) is not null)
            {
                result.AddError($"--recruiter stands for the scope {ApiScopes.RecruitersBookings}: give no other, and no role.");
            }
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var recruiter = parsed.GetValue(Recruiter);
                var scopes = recruiter is not null ? [ApiScopes.RecruitersBookings] : Scopes(parsed);
                var made = await Keys(engine)
                    .CreateAsync(
                        new(parsed.GetValue(Name)!, scopes, parsed.GetValue(Owner), parsed.GetValue(Expires)) { Recruiter = recruiter },
                        Engine.UserName,
                        cancellationToken
                    );
                return await Engine.ReportAsync(made, done => done.Value.Key);
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Scopes(ParseResult parsed) =>
        parsed.GetValue(Scope) is { Length: > 0 } given
            ? [.. given.SelectMany(one => one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]
            : ApiScopes.Of(parsed.GetValue(Role) ?? ApiRole.Recruiter);

    private static Command List()
    {
        var command = new Command("list", "Every key there ever was, without the keys themselves.") { JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var keys = await Keys(engine).ListAsync(cancellationToken);
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(keys);
                }

                var table = new PlainTable("name", "owner", "recruiter", "scopes", "created", "last used", "expires", "revoked");
                foreach (var key in keys)
                {
                    table.Add(
                        key.Name,
                        key.Owner,
                        key.Recruiter ?? "",
                        string.Join(' ', key.Scopes),
                        PlainTable.Show(key.CreatedAt),
                        Show(key.LastUsedAt),
                        Show(key.ExpiresAt),
                        Show(key.RevokedAt)
                    );
                }

                await Console.Out.WriteAsync(table.ToString());
                return 0;
            }
        );
        return command;
    }

    private static Command Revoke()
    {
        var command = new Command("revoke", "End a key, at once and for good, on every node.") { Name };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                if (await Keys(engine).RevokeAsync(parsed.GetValue(Name)!, Engine.UserName, cancellationToken))
                {
                    await Console.Out.WriteLineAsync(Printing.Say("cli.key_revoked", parsed.GetValue(Name)));
                    return 0;
                }
                await Console.Error.WriteLineAsync(Printing.Say("cli.no_key_in_force", parsed.GetValue(Name), "keys list"));
                return 1;
            }
        );
        return command;
    }

    private static string Show(DateTimeOffset? instant) => instant is { } at ? PlainTable.Show(at) : "";

    private static ApiKeys Keys(Engine engine) => new(engine.Get<Database>());
}
