namespace Reminders.Words;

/// <summary>Чем схема отличается от эталонной.</summary>
internal static class RussianSchema
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["schema.lacks"] = "{0}: отсутствует {1}",
        ["schema.foreign"] = "{0}: есть {1}, не от этой сборки",
        ["schema.invalid"] = "{0}: {1}: объект недействителен",
        ["schema.disabled"] = "{0}: {1}: объект отключён",
        ["schema.unvalidated"] = "{0}: {1}: ни разу не проверено",
        ["schema.unlogged"] = "{0}: {1}: не пишется в журнал и пуста после сбоя",
        ["schema.parameters"] = "{0}: {1}: другие параметры хранения",
        ["schema.instead"] = "{0}: {1}: «{2}» вместо «{3}»",
        ["schema.differs"] = "{0}: {1}: не как в этой сборке",
        ["schema.named"] = "{0:@object} {1}[ таблицы {2}]",
        ["schema.other_script"] =
            "База данных создана другим скриптом {0}, не от этой сборки (контрольная сумма {1}, здесь {2}): запустите ту "
            + "сборку, которой она создана, или перенесите данные в новую базу этой сборки.",
        ["schema.too_new"] =
            "В базе данных есть скрипт {0} более новой сборки, которая уживается со сборками начиная со скрипта {1}; эта "
            + "сборка кончается скриптом {2}: запустите более новую.",
        ["object.sequence"] = "последовательность",
        ["object.table"] = "таблица",
        ["object.column"] = "столбец",
        ["object.constraint"] = "ограничение",
        ["object.unique index"] = "уникальный индекс",
        ["object.index"] = "индекс",
        ["object.function"] = "функция",
        ["object.view"] = "представление",
        ["object.trigger"] = "триггер",
        ["whose.server"] = "сервера",
        ["whose.database"] = "базы данных",
        ["whose.role"] = "роли",
    };
}
