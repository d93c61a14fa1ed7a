import Foundation

/// The outcome of compiling: a program, or the compiler's errors in words for the reader.
enum Compiled {
  case program(URL)
  case errors(String)

  /// The program's name in its folder.
  static let name = "program"

  private struct Failure: Error { let errors: String }

  /// - Parameter make: returns the folder with the program; if it does not compile, throws its view
  ///   of the errors.
  init(_ make: ((String) -> any Error) throws -> URL) throws {
    do {
      self = .program(try make { Failure(errors: $0) }.appending(path: Self.name))
    } catch let failure as Failure {
      self = .errors(failure.errors)
    }
  }
}
