namespace Reminders.Words;

/// <summary>Что не так с файлом, который дан команде <c>import</c>.</summary>
internal static class RussianFiles
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["wrong.no_csv"] = "это не CSV: кавычка не закрыта или стоит внутри значения.",
        ["wrong.no_header"] = "заголовка нет. В нём названия столбцов: {0}",
        ["wrong.lacks_column"] = "в заголовке нет столбца {0}. Есть {1}.",
        ["wrong.unknown_column"] = "в заголовке есть «{0}», а такого столбца не бывает. Есть {1}.",
        ["wrong.column_twice"] = "в заголовке {0} стоит дважды.",
        ["wrong.count_of_fields"] = "полей {0}, а в заголовке их {1}.",
        ["wrong.no_row"] = "это не объект JSON, начиная с байта {0}.",
        ["wrong.unknown_in_row"] = "есть «{0}», а такого поля не бывает. Есть {1}.",
        ["form.columns"] = "{0}; по желанию {1}, data.…",
        ["form.instant_of_file"] = "момент времени со смещением, например 2026-03-01T09:30:00Z или 2026-03-01 09:30:00+00",
    };
}
