using Peili.Toml.Parsing;

namespace Peili.Toml.Editing;

/// <summary>How far a path leads into a tree.</summary>
internal sealed class Place
{
    private Place(TomlTable root)
    {
        Value = root;
        Owner = root;
    }

    /// <summary>The last value on the path.</summary>
    public TomlValue Value { get; private set; }

    /// <summary>The value before it; null at the root.</summary>
    public TomlValue? Parent { get; private set; }

    /// <summary>The last table on the path that keys are written into; dotted keys into the others begin there.</summary>
    public TomlTable Owner { get; private set; }

    /// <summary>How many steps lead to <see cref="Value"/>.</summary>
    public int Steps { get; private set; }

    /// <summary>How many steps lead to <see cref="Owner"/>.</summary>
    public int OwnerSteps { get; private set; }

    public static Place Of(TomlTable root, ReadOnlySpan<TomlStep> path)
    {
        var place = new Place(root);
        while (place.Steps < path.Length && place.Value.Child(path[place.Steps]) is { } next)
        {
            (place.Parent, place.Value) = (place.Value, next);
            place.Steps++;
            if (next is TomlTable table && table.Definition != TableDefinition.Dotted)
            {
                (place.Owner, place.OwnerSteps) = (table, place.Steps);
            }
        }

        return place;
    }
}
