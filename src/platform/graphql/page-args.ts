import { ArgsType, Field, Int } from 'type-graphql';
import { CursorScalar } from './scalars';

export const DEFAULT_PAGE = 20;
export const LARGEST_PAGE = 100;

/** Arguments of every list that can grow. The server's limits refuse `first` outside 1 to 100 before a resolver runs. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: DEFAULT_PAGE, description: 'How many items to return, 1 to 100.' })
  first: number = DEFAULT_PAGE;

  @Field(() => CursorScalar, { nullable: true, description: 'Return only what follows this cursor; null starts at the beginning.' })
  after?: string | null;
}
