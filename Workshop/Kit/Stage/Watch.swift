extension Stage {
  /// Tells the stage which object the threads share. Failures then use the names of its `@Shared`
  /// variables. A variable that changes without being marked is reported, because the check cannot
  /// see which threads access it.
  public func watch(_ object: AnyObject) {
    for child in Mirror(reflecting: object).children {
      guard let label = child.label else { continue }
      if let variable = child.value as? any GuardedVariable {
        variable.guarding.name = String(label.drop { $0 == "_" })
      }
    }
    watched.append(Watched(object, Self.unmarked(object)))
  }

  /// Lets the check itself read the variables that the learner's threads share, without the mutex.
  /// Call it while all of those threads wait.
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
          "'\(name)' changes while several threads run, but it is not marked with @Shared",
          "Write '@Shared private var \(name)'. Otherwise the check can't see which threads "
            + "access it and whether they hold the mutex.")
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

/// An object that threads share, and the values that its unmarked variables had at the start.
struct Watched {
  // Weak, because a check may test whether the learner's code still holds the object.
  weak var object: AnyObject?
  let before: [String: String]

  init(_ object: AnyObject, _ before: [String: String]) {
    (self.object, self.before) = (object, before)
  }
}
