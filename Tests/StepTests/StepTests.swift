import Foundation
import Testing

@testable import course

/// Each step does what its head promises.
@Suite struct StepTests {
  @Test(arguments: Step.all)
  func aStepCompilesWithoutWarnings(_ step: Step) throws {
    switch try Workbench.prepare(step.program, for: step) {
    case .errors(let errors): Issue.record("\(errors)")
    case .variables(_, let warnings): #expect(warnings.isEmpty, "\(warnings)")
    }
  }

  @Test(arguments: Step.all)
  func aStepPassesItsOwnCheck(_ step: Step) throws {
    let verdict = try Verdict(step, step.program)
    #expect(try Workbench.check(of: step).warnings.isEmpty)
    #expect(!verdict.parts.isEmpty)
    #expect(
      verdict.passed + verdict.parts.filter { step.stillFails[$0] != nil } == verdict.parts,
      "\(verdict)")
  }

  @Test(arguments: Step.all)
  func theStepBeforeFailsWhatThisOneMends(_ step: Step) throws {
    guard let before = try step.before?.program else { return }
    #expect(!step.mends.isEmpty)
    let first = try Verdict.played(step, before) { step.mends.contains($0.failed ?? "") }
    #expect(step.mends.contains(first.failed ?? ""), "\(first)")
    for part in first.parts where step.stillFails[part] == nil {
      let shallFail = step.mends.contains(part)
      let verdict = try Verdict.played(step, before, part: part) {
        ($0.failed != nil) == shallFail
      }
      #expect((verdict.failed != nil) == shallFail, "\(verdict)")
    }
  }

  @Test(arguments: Step.all)
  func whatStillFailsIsMendedLater(_ step: Step) throws {
    for (part, number) in step.stillFails {
      #expect(try Verdict(step, step.program, part: part).failed == part)
      let later = try #require(Step.workshop.path.step(number), "there is no step \(number)")
      let verdict = try Verdict(step, later.program, part: part)
      #expect(verdict.passed == [part], "\(verdict)")
    }
  }

  @Test(arguments: Variation.wrong)
  func aMistakeGetsItsOwnMessage(_ mistake: Variation) throws {
    let verdict = try Verdict.played(mistake.step, mistake.program) {
      $0.message.contains(mistake.expectation)
    }
    let all = Variation.wrong.filter { $0.step.number == mistake.step.number }
    #expect(!mistake.expectation.isEmpty)
    let message = verdict.message
    #expect(message.contains(mistake.expectation), "\(verdict)")
    for other in all where other.expectation != mistake.expectation {
      #expect(!message.contains(other.expectation), "\(verdict)")
    }
    #expect(all.count { $0.expectation == mistake.expectation } == 1)
  }

  @Test(arguments: Variation.broken)
  func theCompilerSaysWhatThePageQuotes(_ broken: Variation) throws {
    #expect(!broken.expectation.isEmpty)
    guard case .errors(let errors) = try Workbench.prepare(broken.program, for: broken.step) else {
      Issue.record("it compiles")
      return
    }
    #expect(errors.contains("error: " + broken.expectation), "\(errors)")
  }

  @Test(arguments: Step.all.filter { !$0.groups.isEmpty })
  func theLastStepOfAChapterPassesItsGroups(_ step: Step) throws {
    guard case .variables(let variables, _) = try Workbench.prepare(step.program, for: step),
      let program = variables["PROGRAM"]
    else { return }
    let command = try ConformanceCommand(command: program, as: step.number, Step.workshop)
    for group in step.groups {
      let outcome = try command.outcome(
        of: group, URL(filePath: CommandLine.arguments[0]), in: Step.workshop.build)
      #expect(!outcome.tests.isEmpty, "there is no test \(group)")
      #expect(outcome.failures == 0, "\(outcome.text(.plain))")
    }
  }
}
