/// The server could not be reached at all: one line that says why.
struct UnreachableError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
