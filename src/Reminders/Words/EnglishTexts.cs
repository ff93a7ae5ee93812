namespace Reminders.Words;

/// <summary>What is wrong with a kind's texts.</summary>
internal static class EnglishTexts
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["wrong.text_empty"] = "the text is empty.",
        ["wrong.text_brace"] = "'{0}' at position {1} does not start a {2}; a literal brace is written twice.",
        ["wrong.text_open"] = "'{0}' at position {1} is not closed.",
        ["wrong.text_closes"] = "'{0}' at position {1} closes nothing; a literal brace is written twice.",
        ["wrong.text_format"] = "a format in it cannot be used ({0}).",
        ["wrong.text_asks"] = "asks for {0}, which nobody gives: there are {1}.",
        ["wrong.text_asks_of"] = "asks for {0}, which not every {1:@subject} has: there are {2}.",
        ["wrong.text_long"] = "has {0} characters without any values: {1} takes at most {2}.",
        ["wrong.text_unrendered"] = "cannot be rendered: {0}",
        ["wrong.text_missing"] = "is missing.",
        ["wrong.text_english"] = "is missing: the texts every other locale falls back to.",
        ["wrong.text_of_label"] = "is missing: what its button says.",
        ["wrong.text_of_reply"] = "is missing: what the message says when it was given.",
        ["wrong.text_elsewhere"] = "has a text in '{0}': Templates has {1}.",
        ["wrong.text_alike"] = "two buttons read '{0}' on {1}, which shortens labels and refuses the same one twice.",
        ["wrong.text_label"] = "is '{0}' with {1} characters: {2} shows at most {3}.",
    };
}
