using System.CommandLine;

namespace Reminders.Cli.Commands;

/// <summary>What a shell has to run to complete what is typed: it asks the program itself, so it knows what that build can do.</summary>
internal static class CompletionCommand
{
    // [suggest:N] is System.CommandLine's own: what may stand at that place of the line.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _reminders() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -F _reminders reminders
            """,
        ["zsh"] = """
            _reminders() {
              local -a found
              found=("${(@f)$(${words[1]} "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -a found
            }
            compdef _reminders reminders
            """,
        ["fish"] = """
            complete -f -c reminders -a '(reminders "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
            """,
    };

    private static readonly Argument<string> Shell = new Argument<string>("shell")
    {
        Description = "bash, zsh or fish.",
    }.AcceptOnlyFromAmong([.. Scripts.Keys]);

    public static Command Create()
    {
        var command = new Command("completion", "A shell's completion: eval \"$(reminders completion bash)\".") { Shell };
        command.SetAction(parsed => Console.Out.WriteLine(Scripts[parsed.GetValue(Shell)!]));
        return command;
    }
}
