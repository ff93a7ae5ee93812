using System.CommandLine;
using Reminders.Storage;
using Reminders.Web.Console;
using Reminders.Web.Console.Accounts;

namespace Reminders.Cli.Commands;

/// <summary>Who may look into the console, where an installation has accounts of the engine's own.</summary>
internal static class AccountsCommand
{
    private static readonly Argument<string> Login = new("login") { Description = "What they sign in with." };

    private static readonly Option<ConsoleRole> Role = new("--role")
    {
        Description = "recruiter: their own bookings. operator: everybody's, the outbox, the cluster. administrator: accounts as well.",
        Required = true,
    };

    private static readonly Option<string?> Recruiter = new("--recruiter")
    {
        Description = "With the role recruiter: the reference of the person that bookings name.",
    };

    public static Command Create() =>
        new("accounts", "Who may look into the console.")
        {
            Invite(),
            List(),
            Change("disable", "End an account: its sessions are over on every node at once.", enable: false),
            Change("enable", "Open an account again.", enable: true),
            Reset(),
        };

    private static Command Invite()
    {
        var command = new Command("invite", "Print a code with which somebody makes an account: for an hour, and once.")
        {
            Role,
            Recruiter,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var made = await Accounts(engine)
                    .InviteAsync(parsed.GetValue(Role), parsed.GetValue(Recruiter), Engine.UserName, cancellationToken);
                return await Engine.ReportAsync(made, done => done.Value);
            }
        );
        return command;
    }

    private static Command Reset()
    {
        var command = new Command("reset", "Print a code for another password. The account's sessions end when it is used.") { Login };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var made = await Accounts(engine).ResetAsync(parsed.GetValue(Login)!, Engine.UserName, cancellationToken);
                return await Engine.ReportAsync(made, done => done.Value);
            }
        );
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Every account, by login.") { JsonOption.Json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var accounts = await Accounts(engine).ListAsync(cancellationToken);
                if (parsed.IsJson())
                {
                    return await JsonOption.PrintAsync(accounts);
                }

                var table = new PlainTable("login", "role", "recruiter", "made", "by", "last sign-in", "disabled");
                foreach (var account in accounts)
                {
                    table.Add(
                        account.Login,
                        account.Role.ToString().ToLowerInvariant(),
                        account.Recruiter ?? "",
                        PlainTable.Show(account.CreatedAt),
                        account.CreatedBy,
                        Show(account.SeenAt),
                        Show(account.DisabledAt)
                    );
                }

                await Console.Out.WriteAsync(table.ToString());
                return 0;
            }
        );
        return command;
    }

    private static Command Change(string name, string description, bool enable)
    {
        var command = new Command(name, description) { Login };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var login = parsed.GetValue(Login)!;
                if (await Accounts(engine).DisableAsync(login, Engine.UserName, enable, cancellationToken))
                {
                    await Console.Out.WriteLineAsync(Printing.Say(enable ? "cli.account_enabled" : "cli.account_disabled", login));
                    return 0;
                }

                await Console.Error.WriteLineAsync(Printing.Say(enable ? "cli.none_to_enable" : "cli.none_to_disable", login));
                return 1;
            }
        );
        return command;
    }

    private static string Show(DateTimeOffset? instant) => instant is { } at ? PlainTable.Show(at) : "";

    private static ConsoleAccounts Accounts(Engine engine) => new(engine.Get<Database>());
}
