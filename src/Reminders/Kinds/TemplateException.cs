using Reminders.Words;

namespace Reminders.Kinds;

/// <summary>A text's braces do not match.</summary>
internal sealed class TemplateException(Sentence problem) : FormatException(Wording.English.Of(problem))
{
    public Sentence Problem => problem;
}
