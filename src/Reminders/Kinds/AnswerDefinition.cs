namespace Reminders.Kinds;

/// <summary>One of the answers that a kind offers, declared under <c>Kinds:NAME:Answers:KEY</c>.</summary>
public sealed class AnswerDefinition
{
    /// <summary>
    /// What handlers, the API and the ledger call it: a lower case word. Its button is in <see cref="KindDefinition.Buttons"/>.
    /// </summary>
    public string Key { get; internal set; } = "";

    /// <summary>
    /// What becomes of the question. Default <see cref="AnswerThen.Closed"/>; of <c>confirm</c>
    /// <see cref="AnswerThen.Changeable"/>, since who confirmed may still decline.
    /// </summary>
    public AnswerThen? Then { get; set; }

    /// <summary>What its button says, by locale. Required in each locale that the kind has texts in.</summary>
    public IDictionary<string, string> Label { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What whoever gave it sees afterwards, by locale: the message, changed to this; over the chat, its beginning. Required where it
    /// closes the question. One that leaves it open leaves the message as it is.
    /// </summary>
    public IDictionary<string, string> Reply { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is so unless <see cref="Then"/> says otherwise.</summary>
    internal AnswerThen Outcome => Then ?? (Key == KindAnswers.Confirm ? AnswerThen.Changeable : AnswerThen.Closed);

    /// <summary>Whether the question is answered by it.</summary>
    internal bool Closes => Outcome != AnswerThen.Open;

    /// <summary>What it makes of its subject.</summary>
    internal string Status => KindAnswers.StatusOf(Key);

    /// <summary>What the kind's texts call its reply.</summary>
    internal string ReplyText => KindAnswers.ReplyOf(Key);
}

/// <summary>What becomes of a question that was answered.</summary>
public enum AnswerThen
{
    /// <summary>It is answered, and this is the last word: later reminders are dropped, and no other answer is taken.</summary>
    Closed,

    /// <summary>It is answered, and later reminders are dropped; another answer that closes it takes the place of this one.</summary>
    Changeable,

    /// <summary>It stays open: the answer is told, the subject's status, its later reminders and the buttons stay as they are.</summary>
    Open,
}
