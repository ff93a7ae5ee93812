using System.CommandLine;
using System.Text.Json;
using Reminders.Commands;
using Reminders.Explain;
using Reminders.Words;

namespace Reminders.Cli.Commands;

/// <summary>What happened to each reminder of a booking, and why.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> About = new("booking or type")
    {
        Description = "A booking's id; or the type of another subject, such as cart.",
    };

    private static readonly Argument<string?> Subject = new("subject")
    {
        Description = "With a type: the subject's id, such as cart-42.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "With a type: whose subject is meant, where several owners have one of that id.",
    };

    private static readonly Option<long?> After = new("--after") { Description = "The next page: what the former one named." };

    private static readonly Option<bool> Json = new("--json") { Description = "As the API's /explain answers." };

    public static Command Create()
    {
        var command = new Command("explain", "What happened to each reminder of a booking, and why one was not sent.")
        {
            About,
            Subject,
            Owner,
            After,
            Json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var engine = await Engine.OpenAsync(cancellationToken);
                var words = parsed.Words();
                var (about, subject) = (parsed.GetValue(About)!, parsed.GetValue(Subject));
                if (subject is not null)
                {
                    var owner = parsed.GetValue(Owner);
                    if (
                        await engine.WithAsync((OwnedNames names) => names.SubjectAsync(about, subject, cancellationToken), owner) is
                        { IsAmbiguous: true } several
                    )
                    {
                        await Console.Error.WriteLineAsync(words.Reason(several.Question("several_subjects", about)));
                        return 1;
                    }
                    var told = await engine.WithAsync(
                        (Explainer explainer) => explainer.ExplainAsync(about, subject, words, cancellationToken, parsed.GetValue(After)),
                        owner
                    );
                    return await PrintAsync(
                        told,
                        one => ExplainText.Render(one, words),
                        Reasons.Of("never_asked", about, subject),
                        parsed.GetValue(Json)
                    );
                }
                if (!Guid.TryParse(about, out var id))
                {
                    await Console.Error.WriteLineAsync(Printing.Say("cli.no_booking_id", about, "explain cart cart-42"));
                    return 1;
                }
                var story = await engine.WithAsync(
                    (Explainer explainer) => explainer.ExplainAsync(id, words, cancellationToken, parsed.GetValue(After))
                );
                return await PrintAsync(story, one => ExplainText.Render(one, words), Reasons.Of("no_booking", id), parsed.GetValue(Json));
            }
        );
        return command;
    }

    private static async Task<int> PrintAsync<TStory>(TStory? story, Func<TStory, string> render, string missing, bool json)
        where TStory : class
    {
        if (story is null)
        {
            await Console.Error.WriteLineAsync(Printing.OneLine(Engine.Words.Reason(missing)!));
            return 1;
        }
        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(story, Printing.Json) : Printing.Lines(render(story).TrimEnd()));
        return 0;
    }
}
