using System.Globalization;
using System.Text.Json;
using Reminders.Cli;
using Reminders.Lab.Demo.Acts;
using Spectre.Console;

namespace Reminders.Lab.Demo;

/// <summary>Sets the stage, plays every act, and gives the verdict.</summary>
internal static class DemoStory
{
    private static readonly IAct[] Acts = [new Confirm2h(), new CartMail(), new WhatsAppInbound(), new CustomerFanout(), new TicketInbox()];

    /// <returns>The process's exit code: 0 when nothing was sent twice or lost, and nothing else was off.</returns>
    public static async Task<int> PlayAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var narrator = new Narrator(toError: options.Json, TimeProvider.System);
        var results = new List<ActResult>();
        try
        {
            narrator.Chapter("The stage");
            await using var stage = await DemoStage.SetAsync(options, narrator, cancellationToken);
            foreach (var act in Acts)
            {
                narrator.Chapter(act.Title);
                await stage.ReplaceDeadAsync(narrator);
                results.Add(await PlayAsync(act, stage, narrator, cancellationToken));
            }
            Verdict(narrator, results);
            if (!options.Once)
            {
                ClosingWords.Say(narrator, stage, options);
                await ParentWatch.UntilToldAsync(withParent: false, cancellationToken);
                narrator.Say("Taking the stage down…");
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            narrator.Say("Interrupted; everything has been taken down.");
        }
        catch (DemoException exception)
        {
            narrator.Bad(exception.Message);
        }
        var ok = results.Count == Acts.Length && results.TrueForAll(result => result.Ok);
        if (options.Json)
        {
            await Console.Out.WriteLineAsync(Json(ok, results));
        }

        return ok ? 0 : 1;
    }

    /// <summary>An act that breaks off has failed, and says why; the verdict is given all the same.</summary>
    private static async Task<ActResult> PlayAsync(IAct act, DemoStage stage, Narrator narrator, CancellationToken cancellationToken)
    {
        try
        {
            return await act.RunAsync(stage, narrator, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new(act.Name, 0, 0, 0, 0, 0, 0, 0, 0, [$"The act broke off: {exception.Message}"]);
        }
    }

    private static void Verdict(Narrator narrator, IReadOnlyList<ActResult> results)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var column in (string[])["due", "delivered", "twice", "lost", "suppressed", "held", ""])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var result in results)
        {
            table.AddRow([
                result.Name,
                .. ((int[])[result.Due, result.Delivered, result.Duplicates, result.Lost, result.Suppressed, result.Held]).Select(number =>
                    number.ToString(CultureInfo.InvariantCulture)
                ),
                result.Ok ? "[green]as it should be[/]" : "[red]not as it should be[/]",
            ]);
        }
        narrator.Show(table);
        foreach (var problem in results.SelectMany(result => result.Problems))
        {
            narrator.Bad(problem);
        }

        narrator.Plain(
            """
            delivered and twice are counted from what arrived: at the simulated Telegram, at the mail server, in the inboxes
            that people read. suppressed: second requests for what was planned or sent already. held: messages nobody can tell
            the arrival of; they are not sent again by themselves.
            """
        );
    }

    private static string Json(bool ok, IReadOnlyList<ActResult> results) =>
        JsonSerializer.Serialize(
            new
            {
                ok,
                acts = results.Select(result => new
                {
                    result.Name,
                    result.Due,
                    result.Delivered,
                    result.Duplicates,
                    result.Lost,
                    result.Suppressed,
                    result.Held,
                    result.Ok,
                    result.InDoubt,
                    result.SettledByPress,
                    result.Problems,
                }),
            },
            JsonSerializerOptions.Web
        );
}
