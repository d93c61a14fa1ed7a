/// A command line that makes no sense: one line that says why, for standard error.
public struct UsageError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
