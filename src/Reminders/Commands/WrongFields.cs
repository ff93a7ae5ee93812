using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Reminders.Words;

namespace Reminders.Commands;

/// <summary>
/// What is wrong, by field, as sentences. Whoever takes it for texts, as an app does with an exception's, reads English; console, API and
/// command line ask for their reader's language.
/// </summary>
internal sealed class WrongFields(IReadOnlyDictionary<string, Sentence[]> said) : IReadOnlyDictionary<string, string[]>
{
    /// <summary>What a field's sentence is that names the field before what is wrong with it.</summary>
    public const string At = "wrong.at";

    public static readonly WrongFields None = new(new Dictionary<string, Sentence[]>());

    private readonly Lazy<IReadOnlyDictionary<string, string[]>> _english = new(() => Worded(said, Wording.English));

    /// <summary>What is said, with the name of its field.</summary>
    public IReadOnlyDictionary<string, Sentence[]> Said => said;

    /// <summary>The same without the names, which are the keys: for a program that goes by codes.</summary>
    public IReadOnlyDictionary<string, Sentence[]> Codes =>
        said.ToDictionary(one => one.Key, one => one.Value.Select(WithoutField).ToArray());

    public IReadOnlyDictionary<string, string[]> In(Wording words) => Worded(said, words);

    /// <summary>One field that is wrong.</summary>
    public static WrongFields Of(string field, Sentence problem) =>
        new(new Dictionary<string, Sentence[]> { [field] = [new(At, field, problem)] });

    /// <inheritdoc cref="Of(string, Sentence)"/>
    public static WrongFields Of(string field, string code, params ReadOnlySpan<object?> values) =>
        Of(field, new Sentence(code, values.ToArray()));

    /// <summary>Those that <paramref name="takes"/> takes.</summary>
    public WrongFields Where(Func<string, bool> takes) => new(said.Where(field => takes(field.Key)).ToDictionary());

    public int Count => said.Count;

    public IEnumerable<string> Keys => said.Keys;

    public IEnumerable<string[]> Values => _english.Value.Values;

    public string[] this[string key] => _english.Value[key];

    public bool ContainsKey(string key) => said.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string[] value) => _english.Value.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string[]>> GetEnumerator() => _english.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Sentence WithoutField(Sentence said) => said is { Code: At, Values: [_, Sentence what] } ? what : said;

    private static IReadOnlyDictionary<string, string[]> Worded(IReadOnlyDictionary<string, Sentence[]> said, Wording words) =>
        said.ToDictionary(field => field.Key, field => field.Value.Select(words.Of).ToArray());
}
