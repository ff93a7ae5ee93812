using System.CommandLine;

namespace Reminders.Cli.Commands;

/// <summary><c>--api</c>: an address to send to, which the command line library cannot read by itself.</summary>
internal static class ApiOption
{
    public static Option<Uri?> Create(string description) =>
        new("--api")
        {
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens.Single().Value;
                if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https" })
                {
                    return address;
                }

                result.AddError($"--api is '{text}': it must be an address like http://127.0.0.1:8081/.");
                return null;
            },
        };
}
