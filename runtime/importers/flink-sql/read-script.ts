/** What the statements of a script declare. Those that are not read are told, with their place, and the others are read all the same. */
import type { ImportedTable } from '../../core/importer.ts';
import type { Diagnostic } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';
import { notImported, StatementProblem } from './problem.ts';
import { meaning, readStatements, type ScriptStatement } from './statements.ts';
import { readTable } from './create-table.ts';
import { TokenReader } from './token-reader.ts';

interface Declared {
  readonly name: string;
  readonly statement: ScriptStatement;
}

export interface DeclaredTable extends Declared {
  readonly table: Omit<ImportedTable, 'isSink'>;
}

export interface DeclaredQuery extends Declared {
  readonly query: string;
}

export interface Script {
  readonly settings: ReadonlyMap<string, string>;
  readonly tables: readonly DeclaredTable[];
  readonly views: readonly DeclaredQuery[];
  /** `name`: of the table that is written. */
  readonly inserts: readonly DeclaredQuery[];
  /** `meaning` of each statement that declares a name or inserts there, in order. */
  readonly meanings: ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

export function readScript(text: string): Script {
  const reader = new ScriptReader(text);
  return reader.read();
}

const ELSE = say`SET, CREATE TABLE, CREATE VIEW, INSERT INTO … SELECT and EXECUTE STATEMENT SET are read: write it as one of them, or leave it out`;

class ScriptReader {
  readonly #text: string;
  readonly #settings = new Map<string, string>();
  readonly #tables: DeclaredTable[] = [];
  readonly #views: DeclaredQuery[] = [];
  readonly #inserts: DeclaredQuery[] = [];
  readonly #diagnostics: Diagnostic[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): Script {
    const statements = readStatements(this.#text);
    for (const statement of statements) {
      try {
        this.#readOne(statement, new TokenReader(this.#text, statement.tokens));
      } catch (error) {
        if (!(error instanceof StatementProblem)) throw error;
        this.#diagnostics.push(notImported(this.#text, error.offset, error.message));
      }
    }
    const meanings = new Map<string, string[]>();
    for (const { name, statement } of [...this.#tables, ...this.#views, ...this.#inserts]) {
      meanings.set(name, [...(meanings.get(name) ?? []), meaning(statement)]);
    }
    return {
      settings: this.#settings,
      tables: this.#tables,
      views: this.#views,
      inserts: this.#inserts,
      meanings,
      diagnostics: this.#diagnostics,
    };
  }

  #readOne(statement: ScriptStatement, reader: TokenReader): void {
    if (reader.take('SET')) {
      const key = reader.string();
      reader.expect('=');
      this.#settings.set(key, reader.string());
    } else if (reader.take('CREATE')) this.#readCreate(statement, reader);
    else if (reader.take('INSERT', 'INTO')) {
      const name = reader.name();
      if (reader.sees('(')) reader.names();
      this.#inserts.push({ name, statement, query: reader.rest() });
    } else throw new StatementProblem(`${firstWords(statement)}: ${ELSE}`, statement.start);
  }

  #readCreate(statement: ScriptStatement, reader: TokenReader): void {
    reader.take('OR', 'REPLACE');
    reader.take('TEMPORARY');
    const isTable = reader.take('TABLE');
    if (!isTable && !reader.take('VIEW')) {
      throw new StatementProblem(`${firstWords(statement)}: ${ELSE}`, statement.start);
    }
    reader.take('IF', 'NOT', 'EXISTS');
    const name = reader.name();
    if (isTable) {
      if (!reader.sees('(')) throw reader.unexpected(say`the columns`);
      this.#tables.push({ name, statement, table: readTable(reader) });
      return;
    }
    if (reader.sees('(')) {
      throw new StatementProblem(say`name the columns of the view "${name}" in its SELECT, by AS`, reader.offset);
    }
    reader.expect('AS');
    this.#views.push({ name, statement, query: reader.rest() });
  }
}

function firstWords({ tokens }: ScriptStatement): string {
  return tokens
    .slice(0, 2)
    .map(({ image }) => image)
    .join(' ');
}
