namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>What stands on a server, in the order in which one refers to another: made in this order, deleted in the opposite
/// one.</summary>
public enum ObjectKind
{
    Variable,
    Limit,
    BlockType,
    Block,
    Flow,
    Pool,
    Queue,
    Deployment,
    Schedule,
    Automation,
}
