using System.CommandLine;
using Reminders.Lists;

namespace Reminders.Cli.Commands;

/// <summary>What messages are looked for by, beside what narrows a list.</summary>
internal sealed class SearchOptions
{
    private readonly Option<string?> _about = new("--about") { Description = "The booking's id, or the key of what else it is about." };
    private readonly Option<string?> _name = new("--name") { Description = "The recipient's reference, or the beginning of their name." };
    private readonly Option<string?> _providerId = new("--provider-id") { Description = "What the provider calls it." };
    private readonly Option<string?> _reason = new("--reason") { Description = "A reason's code, or a part of what is said of one." };

    public Option[] All => [_about, _name, _providerId, _reason];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    public ListRequest Add(ListRequest asked, ParseResult parsed) =>
        asked with
        {
            About = parsed.GetValue(_about),
            Name = parsed.GetValue(_name),
            ProviderId = parsed.GetValue(_providerId),
            Reason = parsed.GetValue(_reason),
        };
}
