namespace Peili.Crds.Schema;

/// <summary>A column of <c>kubectl get</c>, in this order.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class PrinterColumnAttribute(string name, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    public string JsonPath { get; } = jsonPath;

    public string Type { get; set; } = "string";

    /// <summary>Whether it is shown with <c>-o wide</c> only.</summary>
    public bool Wide { get; set; }

    public string Description { get; set; } = "";
}
