extension Stage {
  /// Tells the stage which object the threads share. Its `@Shared` variables get their names for
  /// failures, and those that change although they are not marked are reported: the check would not
  /// see who touches them.
  public func watch(_ object: AnyObject) {
    for child in Mirror(reflecting: object).children {
      guard let label = child.label else { continue }
      if let variable = child.value as? any GuardedVariable {
        variable.guarding.name = String(label.drop { $0 == "_" })
      }
    }
    watched.append(Watched(object, Self.unmarked(object)))
  }

  /// Reads what the learner's threads share, without the mutex: for a check, while all of them
  /// wait.
  public func peek<Result>(_ body: () -> Result) -> Result {
    isPeeking = true
    defer { isPeeking = false }
    return body()
  }

  func expectMarks() {
    for entry in watched {
      guard let object = entry.object else { continue }
      for (name, value) in Self.unmarked(object) where entry.before[name] != value {
        fail(
          "'\(name)' changes while several threads run, and is not marked with @Shared",
          "Write '@Shared private var \(name)'. Only then does the check see which thread touches "
            + "it, and whether that "
            + "thread holds the mutex.")
      }
    }
  }

  private static func unmarked(_ object: AnyObject) -> [String: String] {
    var values: [String: String] = [:]
    for child in Mirror(reflecting: object).children where !(child.value is any GuardedVariable) {
      if let label = child.label { values[label] = String(describing: child.value) }
    }
    return values
  }
}

/// An object that threads share, and what its unmarked variables were before.
struct Watched {
  // Weak: a check may look whether the learner's code still holds the object.
  weak var object: AnyObject?
  let before: [String: String]

  init(_ object: AnyObject, _ before: [String: String]) {
    (self.object, self.before) = (object, before)
  }
}
