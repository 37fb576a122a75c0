namespace Peili.Terminal;

/// <summary>How a piece of text stands out on a terminal. Nothing is said by it alone: pipes and NO_COLOR have the text only.</summary>
public enum Tint
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Wrong: somebody has to do something.</summary>
    Red,

    /// <summary>Doubtful, or on its way.</summary>
    Yellow,

    /// <summary>As it should be.</summary>
    Green,

    /// <summary>A name that the eye looks for.</summary>
    Bold,
}
